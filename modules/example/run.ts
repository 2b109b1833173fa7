import { lookup } from 'node:dns/promises';
import { hostname, networkInterfaces } from 'node:os';
import { messageOf } from '../../src/base/app-error.ts';
import type { RunContext, RunOutcome } from '../../src/module/run.ts';
import type { Params } from './params.ts';

/** A key is there only when it was asked for. */
export interface Elements {
  readonly hostname?: string;
  /** With prefix length: "192.0.2.7/24". */
  readonly addresses?: readonly string[];
  readonly lookeduphost?: Readonly<Record<string, readonly string[]>>;
}

export interface Statistics {
  /** Host name and addresses; lookups are not counted, as in MIG. */
  readonly stufffound: number;
}

export async function run(params: Params, context: RunContext<Elements>): Promise<RunOutcome<Elements, Statistics>> {
  const errors: string[] = [];
  const name = params.gethostname ? hostname() : undefined;
  const addresses = params.getaddresses ? readAddresses() : undefined;

  const lookedUp: Record<string, readonly string[]> = {};
  for (const host of params.lookuphost ?? []) {
    if (context.signal.aborted) {
      errors.push(`stopped before ${host} was looked up`);
      break;
    }
    try {
      lookedUp[host] = await lookUp(host, context.signal);
      context.progress.hit({ lookeduphost: { [host]: lookedUp[host] } });
    } catch (error) {
      errors.push(`${host}: ${messageOf(error)}`);
    }
  }

  const found = (name === undefined ? 0 : 1) + (addresses?.length ?? 0);
  return {
    foundAnything: found > 0 || Object.keys(lookedUp).length > 0,
    elements: {
      ...(name === undefined ? {} : { hostname: name }),
      ...(addresses === undefined ? {} : { addresses }),
      ...(Object.keys(lookedUp).length === 0 ? {} : { lookeduphost: lookedUp }),
    },
    statistics: { stufffound: found },
    errors,
  };
}

function readAddresses(): readonly string[] {
  return Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .flatMap((address) => (address.internal || address.cidr === null ? [] : [address.cidr]));
}

/** The system's resolver cannot be interrupted: on a stop its answer is no longer waited for. */
async function lookUp(host: string, signal: AbortSignal): Promise<readonly string[]> {
  const stopped = Promise.withResolvers<never>();
  const stop = (): void => stopped.reject(new Error('stopped while it was being looked up'));
  signal.addEventListener('abort', stop, { once: true });
  try {
    const found = await Promise.race([lookup(host, { all: true }), stopped.promise]);
    return found.map(({ address }) => address);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}
