/**
 * What findings can be followed into: from a socket to the process that holds it, from a file to the process that wrote it. A module says it beside its printer;
 * the console offers it (`pivot`) and makes a new action of what is chosen.
 */
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

/** Into the lineage of a process: who started it, what it did. Nothing for what is no process id. */
export function followProcess(pid: number | undefined, label: string): readonly Pivot[] {
  if (pid === undefined || !Number.isSafeInteger(pid) || pid < 1) return [];
  const value = String(pid);
  return [{ kind: 'pid', value, label, module: 'lineage', flags: ['-pid', value], isOfAgent: true }];
}

/** Into the lineage of the processes that wrote a file. Nothing for a path that is masked or not whole. */
export function followFile(path: string | undefined, label: string = path ?? ''): readonly Pivot[] {
  if (path === undefined || path === masked || !path.startsWith('/')) return [];
  return [{ kind: 'path', value: path, label, module: 'lineage', flags: ['-wrote', path], isOfAgent: false }];
}
