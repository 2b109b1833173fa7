/** An event as a row and back. What comes by the thousand (birth, thread, exec, exit of the connector) is numbers alone; the rest is JSON behind them. */
import type { LineageEvent, LineageSource } from '../lineage-event.ts';

/** Places in these lists stand on disk: never change them, add behind. */
const kinds = [
  'birth',
  'clone',
  'thread',
  'exec',
  'execfailed',
  'exit',
  'exitcall',
  'owner',
  'comm',
  'core',
  'seen',
  'gone',
  'gap',
  'file',
] as const satisfies readonly LineageEvent['kind'][];
const sources = ['connector', 'audit', 'proc', 'fanotify'] as const satisfies readonly LineageSource[];

type Kind = LineageEvent['kind'];
const numberOfKind = new Map<string, number>(kinds.map((kind, index) => [kind, index]));
const numberOfSource = new Map<string, number>(sources.map((source, index) => [source, index]));

export function kindNumber(kind: Kind): number {
  return kinds.indexOf(kind);
}

/** As read from the table event. */
export interface EventRow {
  readonly pid: number;
  readonly at: number;
  readonly n: number;
  readonly kind: number;
  readonly source: number;
  readonly stream: number;
  readonly seq: number;
  readonly slack: number;
  readonly wall: number;
  readonly a: number | null;
  readonly b: number | null;
  readonly c: number | null;
  readonly body: string | null;
}

/** The values of a row, in the order of the table. */
export type EventValues = readonly (number | string | null)[];

export function encodeEvent(event: LineageEvent, n: number): EventValues {
  const pid = event.kind === 'gap' ? 0 : event.pid;
  const head = [pid, event.atNs, n, numberOfKind.get(event.kind) ?? -1, numberOfSource.get(event.source) ?? -1];
  const told = [event.stream, event.seq, event.slackNs, event.wallMs];
  return [...head, ...told, ...encodeRest(event)];
}

function encodeRest(event: LineageEvent): EventValues {
  switch (event.kind) {
    case 'birth':
      return [event.parentPid, null, null, null];
    case 'thread':
      return [event.tid, null, null, null];
    case 'clone':
      return [event.child, null, null, null];
    case 'exit':
      return [event.tid, event.status, event.reaperPid, null];
    case 'core':
      return [null, null, null, null];
    case 'exec':
      if (!event.facts && !event.owner && event.parentPid === undefined) return [event.tid ?? null, null, null, null];
  }
  const { kind: _kind, source: _source, stream: _stream, seq: _seq, atNs: _at, slackNs: _slack, ...rest } = event;
  const { wallMs: _wall, pid: _pid, ...others } = rest as typeof rest & { readonly pid?: number };
  return [null, null, null, JSON.stringify(others)];
}

/** Undefined where the row is of a kind or source that this version does not know. */
export function decodeEvent(row: EventRow): LineageEvent | undefined {
  const kind = kinds[row.kind];
  const source = sources[row.source];
  if (kind === undefined || source === undefined) return undefined;
  const { stream, seq, at: atNs, slack: slackNs, wall: wallMs } = row;
  const head = { kind, source, stream, seq, atNs, slackNs, wallMs };
  const rest = row.body === null ? decodeNumbers(kind, row) : (JSON.parse(row.body) as object);
  // A row of this table was made by encodeEvent.
  return (kind === 'gap' ? { ...head, ...rest } : { ...head, pid: row.pid, ...rest }) as LineageEvent;
}

function decodeNumbers(kind: Kind, { a, b, c }: EventRow): object {
  switch (kind) {
    case 'birth':
      return { parentPid: a };
    case 'clone':
      return { child: a };
    case 'thread':
      return { tid: a };
    case 'exit':
      return { tid: a, status: b, reaperPid: c };
    case 'exec':
      return a === null ? {} : { tid: a };
    default:
      return {};
  }
}
