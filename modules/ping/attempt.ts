import type { Attempt } from './elements.ts';

/** Where an attempt goes. */
export interface Goal {
  /** An IP address; an IPv6 one may have a zone. */
  readonly address: string;
  /** Of tcp and udp. */
  readonly port: number;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/** Tries once; `sequence` counts from 1. Undefined after a stop. Never throws: what goes wrong is what the attempt came to. */
export type Try = (goal: Goal, sequence: number) => Promise<Attempt | undefined>;

/**
 * Waits for one of three things: the attempt is settled, its time is over, or it is stopped (undefined). `begin` gets the function that settles it, and
 * returns what is to be closed at the end.
 */
export async function waitFor(
  { timeoutMs, signal }: Goal,
  begin: (settle: (attempt: Attempt) => void) => () => void,
): Promise<Attempt | undefined> {
  if (signal.aborted) return undefined;
  const settled = Promise.withResolvers<Attempt | undefined>();
  const stop = (): void => settled.resolve(undefined);
  signal.addEventListener('abort', stop, { once: true });
  const timer = setTimeout(() => settled.resolve({ outcome: 'timeout' }), timeoutMs);
  const end = begin(settled.resolve);
  try {
    return await settled.promise;
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', stop);
    end();
  }
}
