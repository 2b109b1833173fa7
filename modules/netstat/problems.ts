/** The soft errors of a run. The same problem in many namespaces is one error that names them. */
export interface Problems {
  readonly add: (problem: string, namespace?: string) => void;
  /** A line of a table, or an entry of a tool's output, was not understood and is left out. */
  readonly skip: (table: string, count?: number) => void;
  readonly list: () => readonly string[];
}

const maxNamed = 3;

export function createProblems(): Problems {
  const problems = new Map<string, string[]>();
  const skipped = new Map<string, number>();
  return {
    add: (problem, namespace) => {
      const where = problems.get(problem) ?? [];
      problems.set(problem, where);
      if (namespace !== undefined) where.push(namespace);
    },
    skip: (table, count = 1) => {
      if (count > 0) skipped.set(table, (skipped.get(table) ?? 0) + count);
    },
    list: () => [
      ...[...problems].map(([problem, where]) => `${problem}${formatNamespaces(where)}`),
      ...[...skipped].map(
        ([table, count]) => `${table}: ${count} ${count === 1 ? 'line was' : 'lines were'} not understood and left out`,
      ),
    ],
  };
}

function formatNamespaces(names: readonly string[]): string {
  if (names.length === 0) return '';
  const more = names.length > maxNamed ? ` and ${names.length - maxNamed} more` : '';
  return ` (in ${names.slice(0, maxNamed).join(', ')}${more})`;
}
