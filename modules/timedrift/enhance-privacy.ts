import { isIP } from 'node:net';
import { maskText } from '../../src/module/mask-text.ts';
import { masked } from '../../src/module/print.ts';
import type { ModuleResult } from '../../src/protocol/result.ts';
import type { Elements, ServerStatistics, Statistics } from './elements.ts';

/**
 * Masks which servers the endpoint follows, where it is told so, and their addresses: they tell whose network it is in. Times, drifts, verdicts and names of
 * clocks stay. MIG's timedrift has no hook.
 */
export function enhancePrivacy(result: ModuleResult<Elements, Statistics>): ModuleResult<Elements, Statistics> {
  const { elements, statistics, errors } = result;
  const servers = statistics?.ntpstats ?? [];
  const names = servers.flatMap(({ host, address, source }) => [host, hostOf(host), address, pathOf(source)]);
  const mask = (text: string): string => maskText(text, names);
  return {
    ...result,
    elements: elements && {
      ...elements,
      ...(elements.drifts ? { drifts: elements.drifts.map(mask) } : {}),
    },
    statistics: statistics && {
      ...statistics,
      ...(statistics.ntpstats ? { ntpstats: servers.map((server) => maskServer(server, mask)) } : {}),
    },
    errors: errors?.map((error) => mask(error).replaceAll(/(?<![\w/])\/[\w./-]+/g, masked)) ?? null,
  };
}

function maskServer(server: ServerStatistics, mask: (text: string) => string): ServerStatistics {
  const { address, reference, error, source } = server;
  return {
    ...server,
    host: masked,
    source: pathOf(source) === undefined ? source : masked,
    ...(address === undefined ? {} : { address: masked }),
    ...(reference === undefined ? {} : { reference: isIP(reference) === 0 ? reference : masked }),
    ...(error === undefined ? {} : { error: mask(error) }),
  };
}

/** The name without the port. */
function hostOf(server: string): string {
  return server.replace(/:\d+$/, '');
}

function pathOf(source: string): string | undefined {
  return source.startsWith('/') ? source : undefined;
}
