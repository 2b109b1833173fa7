/** What a process could not execute. Who looks for a program in every folder of PATH fails in each before the right one: that is no failure of its own. */
import { masked } from '../../src/module/print.ts';
import type { ExecutionElement, ProcessElement } from './elements.ts';

export interface FailedStart {
  readonly first: ExecutionElement;
  /** How often: in so many folders, mostly. */
  readonly count: number;
}

export interface FailedStarts {
  readonly failed: readonly FailedStart[];
  /** What was found in another folder afterwards. */
  readonly searched: readonly FailedStart[];
}

/** Audit's times are those of the kernel's tick. */
const tickNs = 10_000_000;
/** Folders are looked through in microseconds, on a busy host in more. */
const searchNs = 200_000_000;

export function findFailedStarts(process: Pick<ProcessElement, 'executions' | 'failedExecutions'>): FailedStarts {
  const alike = Map.groupBy(process.failedExecutions, (one, at) => {
    const name = nameOf(one);
    return JSON.stringify([name, one.error, one.arguments?.slice(1), name === masked ? at : 0]);
  });
  const starts = [...alike.values()].map((all) => ({ first: all[0]!, count: all.length }));
  const isSearch = ({ first }: FailedStart): boolean =>
    first.error === 'ENOENT' && process.executions.some((one) => isFound(one, first));
  return { failed: starts.filter((one) => !isSearch(one)), searched: starts.filter(isSearch) };
}

/** Soon after. What it is called by counts as well as its file: cc is x86_64-linux-gnu-gcc-12. */
function isFound(ran: ExecutionElement, failed: ExecutionElement): boolean {
  const name = nameOf(failed);
  const names = [ran.executable, ran.arguments?.[0]].map((path) => lastPart(path ?? ''));
  const laterNs = ran.bootNs - failed.bootNs;
  return name !== '' && name !== masked && names.includes(name) && laterNs >= -tickNs && laterNs <= searchNs;
}

function nameOf({ executable, arguments: args }: ExecutionElement): string {
  return lastPart(executable ?? args?.[0] ?? '');
}

function lastPart(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
