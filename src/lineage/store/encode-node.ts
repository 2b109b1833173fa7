/**
 * A process as compact JSON and back: what has a column of its own, and what is as in most processes, is left out; what comes often has a key of one letter. A store holds hundreds of thousands of
 * them: of 770 bytes as plain JSON some 330 are left.
 */
import type { End, Execution, FileTouch, How, Known, Moment, NodeRef, ProcessNode } from '../process-node.ts';

const hows = ['observed', 'inferred', 'gap'] as const satisfies readonly How[];

/** What is not on disk stands for these. */
const usual = {
  state: 'exited',
  children: [],
  executionCount: 0,
  isKernelThread: false,
  threads: 0,
  threadsEver: 1,
  fileCount: 0,
  marks: [],
  revision: 0,
} as const;

/** [atNs, wallMs, how, and the rest as an object where there is one]. */
type PackedMoment = readonly [number, number, number, object?];
/** [pid, how, id where it is known]. */
type PackedRef = readonly [number, number, string?];
type PackedKnown = readonly [number, unknown];
/** How it is known where it is that of the last execution. */
type PackedImage = PackedKnown | number;

interface Packed {
  readonly s?: PackedMoment;
  readonly e?: PackedMoment;
  readonly b?: PackedRef;
  /** 1: as the one at its birth. */
  readonly p?: PackedRef | 1;
  readonly x?: readonly PackedMoment[];
  readonly f?: readonly PackedMoment[];
  readonly t?: readonly PackedMoment[];
  readonly k?: PackedImage;
  readonly a?: PackedImage;
  readonly c?: PackedImage;
  readonly u?: PackedKnown;
  readonly g?: PackedKnown;
  readonly l?: PackedKnown;
}

/** What has columns of its own. */
export interface NodeColumns {
  readonly id: string;
  readonly pid: number;
  readonly bootId: string;
  readonly cgroup: string | null;
}

export function encodeNode(node: ProcessNode): string {
  const { id: _id, pid: _pid, bootId: _boot, cgroup: _cgroup, ...inBody } = node;
  const { start, end, birthParent, parent, executions, failedExecutions, files, ...others } = inBody;
  const { executable, args, cwd, uid, gid, loginUid, ...rest } = others;
  const last = executions.at(-1);
  const kept: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(rest)) if (!isUsual(key, value)) kept[key] = value;
  const packed: Packed = {
    ...(start && { s: packMoment(start) }),
    ...(end && { e: packMoment(end) }),
    ...(birthParent && { b: packRef(birthParent) }),
    ...(parent && { p: birthParent && isSame(parent, birthParent) ? 1 : packRef(parent) }),
    ...(executions.length > 0 && { x: executions.map(packMoment) }),
    ...(failedExecutions.length > 0 && { f: failedExecutions.map(packMoment) }),
    ...(files.length > 0 && { t: files.map(packMoment) }),
    ...(executable && { k: packImage(executable, last?.executable) }),
    ...(args && { a: packImage(args, last?.args) }),
    ...(cwd && { c: packImage(cwd, last?.cwd) }),
    ...(uid && { u: packKnown(uid) }),
    ...(gid && { g: packKnown(gid) }),
    ...(loginUid && { l: packKnown(loginUid) }),
  };
  return JSON.stringify({ ...kept, ...packed });
}

export function decodeNode(body: string, { id, pid, bootId, cgroup }: NodeColumns): ProcessNode {
  const { s, e, b, p, x, f, t, k, a, c, u, g, l, ...rest } = JSON.parse(body) as Packed;
  const executions = (x ?? []).map((packed) => unpackMoment(packed) as Execution);
  const last = executions.at(-1);
  const birthParent = b && unpackRef(b);
  const parent = p === 1 ? birthParent : p && unpackRef(p);
  return {
    ...usual,
    ...rest,
    id,
    pid,
    bootId,
    ...(cgroup === null ? {} : { cgroup }),
    ...(s && { start: unpackMoment(s) }),
    ...(e && { end: unpackMoment(e) as End }),
    ...(birthParent && { birthParent }),
    ...(parent && { parent }),
    executions,
    failedExecutions: (f ?? []).map((packed) => unpackMoment(packed) as Execution),
    files: (t ?? []).map((packed) => unpackMoment(packed) as FileTouch),
    ...(k !== undefined && { executable: unpackImage(k, last?.executable) as Known<string> }),
    ...(a !== undefined && { args: unpackImage(a, last?.args) as Known<readonly string[]> }),
    ...(c !== undefined && { cwd: unpackImage(c, last?.cwd) as Known<string> }),
    ...(u && { uid: unpackKnown(u) as Known<number> }),
    ...(g && { gid: unpackKnown(g) as Known<number> }),
    ...(l && { loginUid: unpackKnown(l) as Known<number> }),
  };
}

/** The paths that it touched, without the rest of it. */
export function decodePaths(body: string): readonly string[] {
  const { t = [] } = JSON.parse(body) as Packed;
  return t.flatMap((packed) => pathsOf(unpackMoment(packed) as FileTouch));
}

/** Of a rename both. */
export function pathsOf({ path, from, to }: FileTouch): readonly string[] {
  return [path, from, to].filter((touched) => touched !== undefined);
}

function isUsual(key: string, value: unknown): boolean {
  if (value === undefined) return true;
  if (Array.isArray(value)) return value.length === 0 && key in usual;
  return key in usual && usual[key as keyof typeof usual] === value;
}

function isSame(one: NodeRef, other: NodeRef): boolean {
  return one.pid === other.pid && one.id === other.id && one.how === other.how;
}

function packMoment({ atNs, wallMs, how, ...rest }: Moment | End | Execution | FileTouch): PackedMoment {
  const head = [atNs, wallMs, hows.indexOf(how)] as const;
  return Object.keys(rest).length === 0 ? head : [...head, rest];
}

function unpackMoment([atNs, wallMs, how, rest]: PackedMoment): Moment {
  return { atNs, wallMs, how: toHow(how), ...rest };
}

function packRef({ pid, how, id }: NodeRef): PackedRef {
  return id === undefined ? [pid, hows.indexOf(how)] : [pid, hows.indexOf(how), id];
}

function unpackRef([pid, how, id]: PackedRef): NodeRef {
  return { pid, ...(id === undefined ? {} : { id }), how: toHow(how) };
}

function packKnown({ how, value }: Known<unknown>): PackedKnown {
  return [hows.indexOf(how), value];
}

function unpackKnown([how, value]: PackedKnown): Known<unknown> {
  return { value, how: toHow(how) };
}

/** Most often what is known of a process is what its last execution said. */
function packImage(known: Known<unknown>, last: unknown): PackedImage {
  const isLast = last !== undefined && (known.value === last || JSON.stringify(known.value) === JSON.stringify(last));
  return isLast ? hows.indexOf(known.how) : packKnown(known);
}

function unpackImage(packed: PackedImage, last: unknown): Known<unknown> {
  return typeof packed === 'number' ? { value: last, how: toHow(packed) } : unpackKnown(packed);
}

function toHow(index: number): How {
  return hows[index] ?? 'inferred';
}
