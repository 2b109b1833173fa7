import type { ProcessNode } from '../process-node.ts';

/** 32 bits of what somebody who was told of a process would want to hear again when it changes: not its children, threads and files, which come one by one. */
export function hashFacts(node: ProcessNode): number {
  const {
    id: _id,
    children: _c,
    threads: _t,
    threadsEver: _e,
    files: _f,
    fileCount: _n,
    revision: _r,
    ...facts
  } = node;
  const text = JSON.stringify(facts);
  // FNV-1a: a collision hides one correction, once in four thousand million.
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  return hash >>> 0;
}
