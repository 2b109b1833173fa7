import type { Params } from './params.ts';
import { parseRange, type IpRange } from './ip-range.ts';
import { compileMacPattern } from './mac-pattern.ts';

export interface MacQuery {
  readonly query: string;
  readonly matches: (mac: string) => boolean;
}

export interface RangeQuery {
  readonly query: string;
  readonly range: IpRange;
}

/** The parameters ready to be compared with what is read; a query given twice counts once. */
export interface Queries {
  readonly localmac: readonly MacQuery[];
  readonly neighbormac: readonly MacQuery[];
  readonly localip: readonly RangeQuery[];
  readonly neighborip: readonly RangeQuery[];
  readonly connectedip: readonly RangeQuery[];
  /** By port: "22" and "0022" are two queries of one port. */
  readonly listeningport: ReadonlyMap<number, readonly string[]>;
}

/** From parameters that were validated. */
export function compileQueries(params: Params): Queries {
  return {
    localmac: compileMacs(params.localmac),
    neighbormac: compileMacs(params.neighbormac),
    localip: compileRanges(params.localip),
    neighborip: compileRanges(params.neighborip),
    connectedip: compileRanges(params.connectedip),
    listeningport: Map.groupBy(new Set(params.listeningport), Number),
  };
}

function compileMacs(patterns: readonly string[] = []): readonly MacQuery[] {
  return [...new Set(patterns)].map((query) => ({ query, matches: compileMacPattern(query) }));
}

function compileRanges(texts: readonly string[] = []): readonly RangeQuery[] {
  return [...new Set(texts)].flatMap((query) => {
    const range = parseRange(query);
    return range ? [{ query, range }] : [];
  });
}
