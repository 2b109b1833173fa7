/**
 * What findings can be followed into: from a socket to the process that holds it, from a file to the process that wrote it. A module says it beside its printer;
 * the console offers it (`pivot`) and makes a new action of what is chosen.
 */
import { parseDuration } from '../base/go-format.ts';
import type { ModuleResult } from '../protocol/result.ts';
import { masked } from './print.ts';

/** A value in a result that another module can be asked about. */
export interface Pivot {
  /** What the value is, in a word that is typed to choose among several: "pid", "path". */
  readonly kind: string;
  readonly value: string;
  /** The finding, for people: "sshd[812] listens on 0.0.0.0:22". Raw, as every text of an endpoint. */
  readonly label: string;
  /** Who is asked, and by which flags of its command line. */
  readonly module: string;
  readonly flags: readonly string[];
  /** The value means something on the agent that told it alone, as a process id does. */
  readonly isOfAgent: boolean;
}

export interface Followable {
  readonly pivots: readonly Pivot[];
  /** Findings that cannot be followed: why, and what would help. */
  readonly problems: readonly string[];
}

/** Pure, and of what an endpoint sent: run in a guard. `parameters` are those that were asked with. Repetitions are dropped by the console. */
export type Pivots<P, Elements, Statistics> = (result: ModuleResult<Elements, Statistics>, parameters: P) => Followable;

/** When a run looked, as its statistics tell it: the end (RFC 3339, UTC, the endpoint's clock) and how long it took (as Go prints it). */
export interface Looked {
  readonly finishedat?: string | undefined;
  readonly exectime?: string | undefined;
}

/** Times of births are known to a tick, and clocks are corrected. */
const slackMs = 1000;

/**
 * Into the lineage of a process: who started it, what it did. A process id is given again when its process has ended: where it is known when the run looked, the life
 * of that time is asked for. Nothing for what is no process id.
 */
export function followProcess(pid: number | undefined, label: string, looked: Looked | null = {}): readonly Pivot[] {
  if (pid === undefined || !Number.isSafeInteger(pid) || pid < 1) return [];
  const value = String(pid);
  const flags = ['-pid', value, ...lifeFlags(looked)];
  return [{ kind: 'pid', value, label, module: 'lineage', flags, isOfAgent: true }];
}

function lifeFlags(looked: Looked | null): readonly string[] {
  const untilMs = Date.parse(String(looked?.finishedat));
  const tookMs = parseDuration(String(looked?.exectime));
  if (Number.isNaN(untilMs) || tookMs === undefined) return [];
  const times = [untilMs - tookMs - slackMs, untilMs + slackMs];
  if (!times.every((ms) => ms > 0 && ms < 8.64e15)) return [];
  const [from = '', until = ''] = times.map((ms) => new Date(ms).toISOString());
  return ['-from', from, '-until', until];
}

/** Into the lineage of the processes that wrote a file. Nothing for a path of which a part is masked, or that is not whole. */
export function followFile(path: string | undefined, label: string = path ?? ''): readonly Pivot[] {
  if (path === undefined || !path.startsWith('/') || path.split('/').includes(masked)) return [];
  return [{ kind: 'path', value: path, label, module: 'lineage', flags: ['-wrote', path], isOfAgent: false }];
}
