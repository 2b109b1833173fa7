import type { AgentLink } from '../link.ts';
import { createFrameLink } from '../frame-link.ts';

/** The agent's end of a link in memory: what it hears and how it answers. */
export interface MemoryAgent {
  /** One call a line that the console sent, without its end. */
  readonly hear: (line: string, answer: (text: string) => void) => void;
  /** The console has said goodbye or cut the link. */
  readonly leave: () => void;
}

/** A link without a process, for tests: bytes go through the same frames, one turn of the event loop later. */
export function createMemoryLink(options: {
  readonly name: string;
  readonly createAgent: (crash: (reason: string) => void) => MemoryAgent;
  readonly helloTimeoutMs?: number;
}): AgentLink {
  return createFrameLink({
    name: options.name,
    ...(options.helloTimeoutMs === undefined ? {} : { helloTimeoutMs: options.helloTimeoutMs }),
    openChannel: (events) => {
      const agent = options.createAgent((reason) => setImmediate(() => events.onClosed(reason)));
      const answer = (text: string): void => void setImmediate(() => events.onBytes(Buffer.from(text)));
      return {
        write: (text) =>
          void setImmediate(() => {
            for (const line of text.split('\n')) if (line !== '') agent.hear(line, answer);
          }),
        end: async () => agent.leave(),
        destroy: () => agent.leave(),
      };
    },
  });
}
