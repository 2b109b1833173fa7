/** What is asked, ready to be tried on processes. */
import type { End, FileTouch, ProcessNode } from '../../src/lineage/process-node.ts';
import { nameSignal, parseExitCondition, type ExitCondition } from './exit-condition.ts';
import { createNameTest, type NameTest } from './name-test.ts';
import type { Params } from './params.ts';
import { namesOf } from './script-name.ts';
import { baseName, toLatin1, toText } from './texts.ts';
import type { Window } from './window.ts';

export interface Conditions {
  readonly pids: ReadonlySet<number> | undefined;
  readonly ids: readonly string[] | undefined;
  readonly names: readonly NameTest[] | undefined;
  readonly window: Window;
  /** A process was asked for by number, id, name or command: its descendants are of interest, too. */
  readonly isOfSubject: boolean;
  /** Anything at all was asked of processes. */
  readonly isOfProcesses: boolean;
  /** What the process itself must be, but for when it lived. */
  readonly test: (node: ProcessNode) => boolean;
  /** A touched file that was asked for. */
  readonly isAskedFile: (file: FileTouch) => boolean;
  /** For the store, as it stores paths. */
  readonly path: string | undefined;
}

/** `users` are those of the endpoint, names by number. */
export function readConditions(params: Params, window: Window, users: ReadonlyMap<number, string>): Conditions {
  const { pids, ids, names, commands, users: wantedUsers, logins, exited, failed, container, wrote, changes } = params;
  const pidSet = setOf(pids?.map(Number));
  const nameTests = listOf(names?.map(createNameTest));
  const commandTests = listOf(commands?.map(createCommandTest));
  const exits = listOf(exited?.flatMap((text) => parseExitCondition(text) ?? []));
  const userIds = idsOf(wantedUsers, users);
  const loginIds = idsOf(logins, users);
  const kinds = setOf(changes);
  // Of what was moved both names count: it was touched there, too.
  const isAskedFile: Conditions['isAskedFile'] = ({ change, path, from, to }) =>
    (wrote !== undefined || kinds !== undefined) &&
    (kinds?.has(change) ?? change !== 'executed') &&
    [path, from, to].some((touched) => touched !== undefined && isAt(toText(touched), wrote));
  const tests: ((node: ProcessNode) => boolean)[] = [];
  const add = (isAsked: boolean, test: (node: ProcessNode) => boolean): void => void (isAsked && tests.push(test));
  add(pidSet !== undefined, ({ pid }) => pidSet?.has(pid) === true);
  add((ids ?? []).length > 0, ({ id }) => ids?.some((wanted) => id.startsWith(wanted)) === true);
  add(nameTests !== undefined, (node) => nameTests?.some(({ test }) => namesOf(node).some(test)) === true);
  add(commandTests !== undefined, (node) => commandTests?.some((test) => test(node)) === true);
  add(exits !== undefined, ({ end }) => end !== undefined && exits?.some((exit) => endedSo(end, exit)) === true);
  add(failed === true, ({ end }) => end !== undefined && hasFailed(end));
  add(userIds !== undefined, ({ uid }) => uid !== undefined && userIds?.has(uid.value) === true);
  add(loginIds !== undefined, ({ loginUid }) => loginUid !== undefined && loginIds?.has(loginUid.value) === true);
  add(container !== undefined, (node) => isIn(node, container ?? ''));
  add(wrote !== undefined || kinds !== undefined, ({ files }) => files.some(isAskedFile));
  const isOfSubject = [pidSet, nameTests, commandTests].some((one) => one !== undefined) || (ids ?? []).length > 0;
  return {
    pids: pidSet,
    ids: (ids ?? []).length > 0 ? ids : undefined,
    names: nameTests,
    window,
    isOfSubject,
    // A time beside gaps or the state is that of the gaps.
    isOfProcesses:
      tests.length > 0 ||
      params.under !== undefined ||
      (window.isAsked && params.gaps !== true && params.status !== true),
    test: (node) => tests.every((test) => test(node)),
    isAskedFile,
    path: wrote === undefined ? undefined : toLatin1(wrote),
  };
}

export function hasFailed({ code, signal }: End): boolean {
  return (code !== undefined && code !== 0) || signal !== undefined;
}

function endedSo(end: End, exit: ExitCondition): boolean {
  if (exit.kind === 'core') return end.hasCore === true;
  if (exit.kind === 'code') return end.signal === undefined && end.code === exit.code;
  return end.signal !== undefined && nameSignal(end.signal) === exit.name;
}

function createCommandTest(pattern: string): (node: ProcessNode) => boolean {
  const { test } = createNameTest(`(?:${pattern})`);
  const lineOf = (executable: string | undefined, args: readonly string[] | undefined): string =>
    toText([executable ?? '', ...(args ?? [])].join(' '));
  return ({ executable, args, executions, failedExecutions }) =>
    test(lineOf(executable?.value, args?.value)) ||
    [...executions, ...failedExecutions].some((one) => test(lineOf(one.executable, one.args)));
}

function isIn({ container, cgroup }: ProcessNode, wanted: string): boolean {
  if (wanted === '*') return container !== undefined;
  return container?.startsWith(wanted) === true || (cgroup !== undefined && baseName(cgroup) === wanted);
}

function isAt(path: string, wanted: string | undefined): boolean {
  if (wanted === undefined) return true;
  return wanted.endsWith('/') ? path.startsWith(wanted) : path === wanted;
}

/** A name of a user that is not known there is nobody, not everybody. */
function idsOf(
  wanted: readonly string[] | undefined,
  users: ReadonlyMap<number, string>,
): ReadonlySet<number> | undefined {
  if (!wanted || wanted.length === 0) return undefined;
  const byName = [...users].flatMap(([id, name]) => (wanted.includes(name) ? [id] : []));
  return new Set([...byName, ...wanted.filter((text) => /^\d+$/.test(text)).map(Number)]);
}

function setOf<Value>(values: readonly Value[] | undefined): ReadonlySet<Value> | undefined {
  return values && values.length > 0 ? new Set(values) : undefined;
}

function listOf<Value>(values: readonly Value[] | undefined): readonly Value[] | undefined {
  return values && values.length > 0 ? values : undefined;
}
