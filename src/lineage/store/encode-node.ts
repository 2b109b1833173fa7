/** A process as compact JSON and back: what is as in most processes is left out, names of keys that come by the dozen are one letter. */
import type { Execution, FileTouch, How, ProcessNode } from '../process-node.ts';

const hows = ['observed', 'inferred', 'gap'] as const satisfies readonly How[];

/** What is not on disk stands for these. */
const usual = {
  children: [],
  executions: [],
  executionCount: 0,
  failedExecutions: [],
  isKernelThread: false,
  threads: 0,
  threadsEver: 0,
  files: [],
  fileCount: 0,
  marks: [],
  revision: 0,
} as const;

/** [atNs, wallMs, how, and the rest as an object where there is one]. */
type PackedMoment = readonly [number, number, number, object?];

export function encodeNode(node: ProcessNode): string {
  const { bootId: _boot, executions, failedExecutions, files, ...others } = node;
  const kept: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(others)) if (!isUsual(key, value)) kept[key] = value;
  if (executions.length > 0) kept['x'] = executions.map(packMoment);
  if (failedExecutions.length > 0) kept['f'] = failedExecutions.map(packMoment);
  if (files.length > 0) kept['t'] = files.map(packMoment);
  return JSON.stringify(kept);
}

export function decodeNode(body: string, bootId: string): ProcessNode {
  const { x, f, t, ...others } = JSON.parse(body) as Readonly<Record<string, unknown>> & {
    readonly [key in 'x' | 'f' | 't']?: readonly PackedMoment[];
  };
  return {
    ...usual,
    ...others,
    bootId,
    executions: (x ?? []).map(unpackMoment),
    failedExecutions: (f ?? []).map(unpackMoment),
    files: (t ?? []).map(unpackMoment),
    // It was made by encodeNode.
  } as unknown as ProcessNode;
}

function isUsual(key: string, value: unknown): boolean {
  if (value === undefined) return true;
  if (Array.isArray(value)) return value.length === 0 && key in usual;
  return key in usual && usual[key as keyof typeof usual] === value;
}

function packMoment({ atNs, wallMs, how, ...rest }: Execution | FileTouch): PackedMoment {
  const head = [atNs, wallMs, hows.indexOf(how)] as const;
  return Object.keys(rest).length === 0 ? head : [...head, rest];
}

function unpackMoment([atNs, wallMs, how, rest]: PackedMoment): Execution & Partial<FileTouch> {
  return { atNs, wallMs, how: hows[how] ?? 'inferred', ...rest };
}
