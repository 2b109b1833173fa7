/** The answer flat: one row a process, with all that its line in the tree says and what stands below that. Gaps and sources have rows of the same columns. */
import type { Row } from '../../src/module/line.ts';
import type { Elements, ExecutionElement, FileElement, GapElement, ProcessElement, StatusElement } from './elements.ts';
import { findFailedStarts } from './failed-starts.ts';
import { formatWholeCommand, quoteWord } from './format-command.ts';
import { formatEnd } from './format-values.ts';

/** Of the files and failed starts of a process in one cell. */
const mostInCell = 20;

const emptyRow = {
  kind: '' as 'process' | 'gap' | 'source' | 'store' | '',
  pid: null as number | null,
  ppid: null as number | null,
  name: '',
  exit: '',
  start: '',
  ms: null as number | null,
  user: '',
  arguments: '',
  end: '',
  executable: '',
  cwd: '',
  login: '',
  container: '',
  parentnow: null as number | null,
  found: '',
  depth: null as number | null,
  ran: null as number | null,
  notstarted: '',
  files: null as number | null,
  touched: '',
  children: null as number | null,
  how: '',
  marks: '',
  id: '',
  parent: '',
};

export function toRows({ processes, gaps, status }: Partial<Elements>): readonly Row[] {
  return [...listOf(processes).map(toRow), ...listOf(gaps).map(toGapRow), ...(status ? toStatusRows(status) : [])];
}

function toRow(process: ProcessElement): Row {
  const { pid, name, start, end, durationMs, user, login, birthParent, parent, marks } = process;
  return {
    ...emptyRow,
    kind: 'process',
    pid,
    ppid: birthParent?.pid ?? null,
    name,
    exit: formatEnd(process),
    start: start?.at ?? '',
    ms: durationMs,
    user: user ? (user.name ?? String(user.id)) : '',
    arguments: formatWholeCommand(process),
    end: end?.at ?? '',
    executable: process.executable?.value ?? '',
    cwd: process.cwd?.value ?? '',
    login: login ? (login.name ?? String(login.id)) : '',
    container: process.container ?? '',
    parentnow: parent?.pid ?? null,
    found: process.found,
    depth: process.depth,
    ran: process.executionCount,
    notstarted: formatList(findFailedStarts(process).failed, ({ first }) => formatFailed(first)),
    files: process.fileCount,
    touched: formatList(process.files, formatTouch),
    children: process.children,
    how: howOf(process),
    marks: listOf(marks).join(' '),
    id: process.id,
    parent: birthParent?.id ?? process.below ?? '',
  };
}

function formatFailed({ executable, arguments: args, error }: ExecutionElement): string {
  const words = executable === null ? listOf(args) : [executable, ...listOf(args).slice(1)];
  return `${words.map(quoteWord).join(' ')}: ${error}`;
}

function formatTouch({ change, path, from, to }: FileElement): string {
  const moved = from ? ` from ${quoteWord(from)}` : to ? ` to ${quoteWord(to)}` : '';
  return `${change} ${quoteWord(path)}${moved}`;
}

function formatList<Value>(list: readonly Value[], format: (value: Value) => string): string {
  const shown = listOf(list).slice(0, mostInCell).map(format);
  const left = listOf(list).length - shown.length;
  return [...shown, ...(left > 0 ? [`and ${left} more`] : [])].join('; ');
}

/** The least certain of birth, parent and end. */
function howOf({ start, end, birthParent }: ProcessElement): string {
  const hows = new Set<string>([start?.how ?? 'inferred', birthParent?.how ?? 'inferred', end?.how ?? 'observed']);
  return ['gap', 'inferred'].find((how) => hows.has(how)) ?? 'observed';
}

function toGapRow({ source, from, until, durationMs, drops, reason }: GapElement): Row {
  const missed = typeof drops === 'number' ? `${drops} events missed: ` : '';
  return {
    ...emptyRow,
    kind: 'gap',
    name: source,
    start: from,
    end: until,
    ms: durationMs,
    arguments: missed + reason,
  };
}

function toStatusRows(status: StatusElement): readonly Row[] {
  const store = `${status.storedProcesses} processes and ${status.storedEvents} events in ${status.storedBytes} bytes`;
  return [
    ...listOf(status.sources).map(({ source, isWorking, isWanted, lacks }) => ({
      ...emptyRow,
      kind: 'source' as const,
      name: source,
      exit: isWorking ? 'running' : isWanted ? 'not working' : 'not used',
      arguments: lacks ?? '',
    })),
    { ...emptyRow, kind: 'store', name: 'store', start: status.oldest ?? '', arguments: store },
  ];
}

/** What came from an endpoint may be anything. */
export function listOf<Value>(list: readonly Value[] | null | undefined): readonly Value[] {
  return Array.isArray(list) ? list : [];
}
