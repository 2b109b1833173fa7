import type { Readable, Writable } from 'node:stream';

/** A live pair of byte streams to one agent: what a transport provides, and create-link.ts makes a link of. */
export interface Connection {
  readonly fromAgent: Readable;
  readonly toAgent: Writable;
  /** Resolves once when the other side is gone and everything it sent was read, with how it ended: "exit status 3: last words". Never rejects. */
  readonly ended: Promise<string>;
  /** Makes the other side end, first by closing its input, then by force; resolves with `ended`, within bounded time. */
  readonly terminate: () => Promise<void>;
}
