import { systemErrorText } from '../../src/search/walk/error-text.ts';
import type { CompiledSearch } from './compile-searches.ts';

/** What could not be read. */
export interface Problems {
  /** A process as a whole, which these searches wanted to read. */
  readonly addProcess: (process: Named, error: unknown, searches: readonly CompiledSearch[]) => void;
  /** The path of an executable that these searches wanted to know. */
  readonly addExecutable: (process: Named, error: unknown, searches: readonly CompiledSearch[]) => void;
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
  const unread = new Map<string, number>();
  const unnamed = new Map<string, number>();
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
  const seeAlso = (): string => (failures.length > 0 ? '' : '; logfailures lists them');
  return {
    addProcess: ({ pid, name }, error, searches) => {
      const reason = countReason(unread, error);
      addFailure(`process ${pid} ${name}: ${reason}`, searches);
    },
    addExecutable: ({ pid, name }, error, searches) => {
      const reason = countReason(unnamed, error);
      addFailure(`process ${pid} ${name}: the path of its executable could not be read: ${reason}`, searches);
    },
    addPart: ({ pid, name }, problem, searches) => addFailure(`process ${pid} ${name}: ${problem}`, searches),
    add: (problem) => void sentences.add(problem),
    vanish: () => void vanished++,
    summary: () => ({
      failed,
      vanished,
      failures: untold === 0 ? failures : [...failures, `${untold} more are not listed`],
      errors: [
        ...[...unnamed].map(([reason, count]) => {
          const what = `the path of the executable of ${countProcesses(count)}`;
          return `${describe(what, reason)}, so that names were compared with what they call themselves, "[name]"${seeAlso()}`;
        }),
        ...[...unread].map(
          ([reason, count]) => `${describe(`the memory of ${countProcesses(count)}`, reason)}${seeAlso()}`,
        ),
        ...sentences,
      ],
    }),
  };
}

function countReason(reasons: Map<string, number>, error: unknown): string {
  const reason = systemErrorText(error);
  reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
  return reason;
}

function countProcesses(count: number): string {
  return `${count} ${count === 1 ? 'process' : 'processes'}`;
}

function describe(what: string, reason: string): string {
  const needs = reason === 'permission denied' ? ', which needs root with CAP_SYS_PTRACE' : '';
  return `${what} could not be read: ${reason}${needs}`;
}
