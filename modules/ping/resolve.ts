import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import { describeLookupError } from '../../src/base/describe-lookup-error.ts';
import { stripBrackets } from './destination.ts';

export type Resolved =
  | { readonly kind: 'address'; readonly address: string }
  | { readonly kind: 'failed'; readonly reason: string }
  | { readonly kind: 'stopped' };

/** The first address of the destination, as the endpoint's resolver orders them. The resolver cannot be interrupted: it is no longer waited for. */
export async function resolve(
  destination: string,
  { timeoutMs, signal }: { readonly timeoutMs: number; readonly signal: AbortSignal },
): Promise<Resolved> {
  const host = stripBrackets(destination);
  if (isIP(host) !== 0) return { kind: 'address', address: host };
  if (signal.aborted) return { kind: 'stopped' };
  const ended = Promise.withResolvers<Resolved>();
  const stop = (): void => ended.resolve({ kind: 'stopped' });
  const fail = (reason: string): void =>
    ended.resolve({ kind: 'failed', reason: `${host} could not be resolved on the endpoint: ${reason}` });
  signal.addEventListener('abort', stop, { once: true });
  const timer = setTimeout(() => fail(`no answer within ${timeoutMs / 1000} s`), timeoutMs);
  lookup(host).then(
    ({ address }) => ended.resolve({ kind: 'address', address }),
    (error: unknown) => fail(describeLookupError(error)),
  );
  try {
    return await ended.promise;
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', stop);
  }
}
