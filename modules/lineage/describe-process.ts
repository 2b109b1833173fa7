/** A process of the graph as it is told: texts decoded, users by name, times for people, parents by name. */
import type { Execution, FileTouch, Known, Moment, NodeRef, ProcessNode } from '../../src/lineage/process-node.ts';
import type {
  EndElement,
  ExecutionElement,
  FileElement,
  MomentElement,
  ProcessElement,
  RefElement,
  TextElement,
  UserElement,
} from './elements.ts';
import type { Placed } from './collect-forest.ts';
import { nameSignal } from './exit-condition.ts';
import { nameOf, toText } from './texts.ts';
import { formatTime } from './window.ts';

export interface DescribeOptions {
  readonly users: ReadonlyMap<number, string>;
  /** How far its life is counted where it goes on. */
  readonly nowMs: number;
  /** Programs are told as they were then. */
  readonly atMs: number | undefined;
  readonly hasFiles: boolean;
  readonly hasArguments: boolean;
  readonly isAskedFile: (file: FileTouch) => boolean;
  readonly nameOfId: (id: string) => string | undefined;
}

export function describeProcess(
  { node, found, depth, below }: Placed,
  shownChildren: number,
  options: DescribeOptions,
): ProcessElement {
  const { users, nowMs, hasFiles } = options;
  const program = programOf(node, options);
  const { start, end } = node;
  const durationMs = start === undefined ? null : Math.max(0, Math.round((end?.wallMs ?? nowMs) - start.wallMs));
  return {
    id: node.id,
    pid: node.pid,
    found,
    depth,
    below: below ?? null,
    name: program.name,
    state: node.state,
    start: start ? describeMoment(start) : null,
    end: end ? describeEnd(node) : null,
    durationMs: durationOf(node) ?? durationMs,
    birthParent: describeRef(node.birthParent, options),
    parent: describeRef(node.parent, options),
    executable: describeText(program.executable),
    arguments: program.arguments,
    cwd: describeText(program.cwd),
    executions: node.executions.map((one) => describeExecution(one, options)),
    executionCount: node.executionCount,
    failedExecutions: node.failedExecutions.map((one) => describeExecution(one, options)),
    user: describeUser(node.uid, users),
    group: node.gid?.value ?? null,
    login: describeUser(node.loginUid, users),
    loginSession: node.loginSession ?? null,
    session: node.session ?? null,
    container: node.container === undefined ? null : toText(node.container),
    cgroup: node.cgroup === undefined ? null : toText(node.cgroup),
    inferred: inferredOf(node),
    isKernelThread: node.isKernelThread,
    threads: node.threads,
    threadsEver: node.threadsEver,
    files: hasFiles ? node.files.map((one) => describeFile(one, options)) : [],
    fileCount: node.fileCount,
    marks: node.marks,
    children: node.children.length,
    childrenLeftOut: Math.max(0, node.children.length - shownChildren),
    revision: node.revision,
  };
}

/** A name counts where it is one that a process gave itself, as no executable of its own is known. */
function inferredOf({ inferred = [], executable }: ProcessNode): readonly string[] {
  return inferred.flatMap((fact) => (fact !== 'comm' ? [fact] : executable?.how === 'observed' ? [] : ['name']));
}

interface Program {
  readonly name: string;
  readonly executable: Known<string> | undefined;
  readonly arguments: ProcessElement['arguments'];
  readonly cwd: Known<string> | undefined;
}

/** What it runs or ran last; at a moment what it ran then. */
function programOf(node: ProcessNode, { atMs, hasArguments }: DescribeOptions): Program {
  const { executable, args, cwd, executions } = node;
  const last = executions.at(-1);
  const then = atMs === undefined ? last : executions.findLast(({ wallMs }) => wallMs <= atMs);
  const values =
    hasArguments && args ? { values: args.value.map(toText), isCut: last?.isCut === true, how: args.how } : null;
  if (!then || then === last) return { name: nameOf(node), executable, arguments: values, cwd };
  const known = <Value>(value: Value | undefined): Known<Value> | undefined =>
    value === undefined ? undefined : { value, how: then.how };
  return {
    name: nameOf(then.executable === undefined ? node : { executable: { value: then.executable, how: then.how } }),
    executable: known(then.executable),
    arguments:
      hasArguments && then.args ? { values: then.args.map(toText), isCut: then.isCut === true, how: then.how } : null,
    cwd: known(then.cwd),
  };
}

/** By the clock that nobody sets, where the whole of its life is known. */
function durationOf({ start, end }: ProcessNode): number | undefined {
  if (!start || !end || !(end.atNs >= start.atNs) || start.atNs <= 0) return undefined;
  return Math.round((end.atNs - start.atNs) / 1000) / 1000;
}

function describeMoment({ wallMs, atNs, how }: Moment): MomentElement {
  return { at: formatTime(wallMs), bootNs: atNs, how };
}

function describeEnd({ end }: ProcessNode): EndElement | null {
  if (!end) return null;
  const { code, signal, hasCore, reason } = end;
  return {
    ...describeMoment(end),
    code: code ?? null,
    signal: signal === undefined ? null : nameSignal(signal),
    signalNumber: signal ?? null,
    hasCore: hasCore === true,
    reason,
  };
}

function describeRef(ref: NodeRef | undefined, { nameOfId }: DescribeOptions): RefElement | null {
  if (!ref) return null;
  return { pid: ref.pid, id: ref.id ?? null, name: (ref.id !== undefined && nameOfId(ref.id)) || null, how: ref.how };
}

function describeText(known: Known<string> | undefined): TextElement | null {
  return known ? { value: toText(known.value), how: known.how } : null;
}

export function describeUser(known: Known<number> | undefined, users: ReadonlyMap<number, string>): UserElement | null {
  return known ? { id: known.value, name: users.get(known.value) ?? null, how: known.how } : null;
}

function describeExecution(one: Execution, { hasArguments }: DescribeOptions): ExecutionElement {
  return {
    ...describeMoment(one),
    executable: one.executable === undefined ? null : toText(one.executable),
    arguments: hasArguments && one.args ? one.args.map(toText) : null,
    isCut: one.isCut === true,
    cwd: one.cwd === undefined ? null : toText(one.cwd),
    error: one.error ?? null,
  };
}

function describeFile(touch: FileTouch, { isAskedFile }: DescribeOptions): FileElement {
  return {
    ...describeMoment(touch),
    change: touch.change,
    path: toText(touch.path),
    from: touch.from === undefined ? null : toText(touch.from),
    to: touch.to === undefined ? null : toText(touch.to),
    isAsked: isAskedFile(touch),
  };
}
