import { describeLookupError } from '../../src/base/describe-lookup-error.ts';
import { askAddress, resolveServer, type Answer, type AskOptions } from './ask-server.ts';
import type { KnownServer } from './find-servers.ts';

/** What came of one server, or of one address of a pool. */
export interface Asked {
  readonly server: KnownServer;
  /** Undefined when its name was not resolved. */
  readonly address: string | undefined;
  readonly answer: Answer | { readonly kind: 'failed'; readonly reason: string };
}

const maxPoolAddresses = 4;
/** Of a server that has several addresses, and of which one after the other is tried. */
const maxServerAddresses = 3;

/** Asks all servers at the same time. `onAsked` is called for each as it answers, or does not; the list has their order. */
export async function askServers(
  servers: readonly KnownServer[],
  options: AskOptions,
  onAsked: (asked: Asked) => void,
): Promise<readonly Asked[]> {
  const asked = await Promise.all(servers.map((server) => askServer(server, options, onAsked)));
  return asked.flat();
}

async function askServer(
  server: KnownServer,
  options: AskOptions,
  onAsked: (asked: Asked) => void,
): Promise<readonly Asked[]> {
  const tell = (address: string | undefined, answer: Asked['answer']): Asked => {
    const asked = { server, address, answer };
    onAsked(asked);
    return asked;
  };
  const startedMs = performance.now();
  let addresses: readonly string[];
  try {
    addresses = await resolveServer(server.host, options);
  } catch (error) {
    return [tell(undefined, { kind: 'failed', reason: describeLookupError(error) })];
  }
  const leftMs = Math.max(1, options.timeoutMs - (performance.now() - startedMs));
  if (!server.isPool) {
    const answer = await askInTurn(addresses.slice(0, maxServerAddresses), server, { ...options, timeoutMs: leftMs });
    return [tell(answer.address, answer)];
  }
  return Promise.all(
    addresses
      .slice(0, maxPoolAddresses)
      .map(async (address) => tell(address, await askAddress(address, server, { ...options, timeoutMs: leftMs }))),
  );
}

/** The answer of the first address that has one; the time is shared among those that are left. */
async function askInTurn(addresses: readonly string[], server: KnownServer, options: AskOptions): Promise<Answer> {
  const startedMs = performance.now();
  let last: Answer = { address: '', kind: 'failed', reason: 'its name has no address' };
  for (const [at, address] of addresses.entries()) {
    const leftMs = options.timeoutMs - (performance.now() - startedMs);
    last = await askAddress(address, server, {
      ...options,
      timeoutMs: Math.max(1, Math.round(leftMs / (addresses.length - at))),
    });
    if (last.kind === 'measured' || options.signal.aborted) return last;
  }
  return last;
}
