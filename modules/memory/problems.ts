import { systemErrorText } from '../../src/search/walk/error-text.ts';
import type { CompiledSearch } from './compile-searches.ts';

/** What could not be read. */
export interface Problems {
  /** A process as a whole, which these searches wanted to read. */
  readonly addProcess: (process: Named, error: unknown, searches: readonly CompiledSearch[]) => void;
  /** A part of a process. */
  readonly addPart: (process: Named, problem: string, searches: readonly CompiledSearch[]) => void;
  /** A sentence for `errors`. */
  readonly add: (problem: string) => void;
  readonly vanish: () => void;
  readonly summary: () => {
    readonly failed: number;
    readonly vanished: number;
    readonly failures: readonly string[];
    readonly errors: readonly string[];
  };
}

interface Named {
  readonly pid: number;
  readonly name: string;
}

const maxFailures = 10_000;

export function createProblems(): Problems {
  const reasons = new Map<string, number>();
  const failures: string[] = [];
  const sentences = new Set<string>();
  let failed = 0;
  let untold = 0;
  let vanished = 0;

  const addFailure = (text: string, searches: readonly CompiledSearch[]): void => {
    failed++;
    if (!searches.some(({ logFailures }) => logFailures)) return;
    if (failures.length < maxFailures) failures.push(text);
    else untold++;
  };
  return {
    addProcess: ({ pid, name }, error, searches) => {
      const reason = systemErrorText(error);
      reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
      addFailure(`process ${pid} ${name}: ${reason}`, searches);
    },
    addPart: ({ pid, name }, problem, searches) => addFailure(`process ${pid} ${name}: ${problem}`, searches),
    add: (problem) => void sentences.add(problem),
    vanish: () => void vanished++,
    summary: () => ({
      failed,
      vanished,
      failures: untold === 0 ? failures : [...failures, `${untold} more are not listed`],
      errors: [...[...reasons].map(([reason, count]) => describe(reason, count, failures.length > 0)), ...sentences],
    }),
  };
}

function describe(reason: string, count: number, isListed: boolean): string {
  const needs = reason === 'permission denied' ? ', which needs root with CAP_SYS_PTRACE' : '';
  const more = isListed ? '' : '; logfailures lists them';
  return `the memory of ${count} ${count === 1 ? 'process' : 'processes'} could not be read: ${reason}${needs}${more}`;
}
