/** The explicit list: the answer to "what can this agent run?". A house test compares it with the folders. */
import type { Module } from '../src/module/define-module.ts';
import { agentdestroy } from './agentdestroy/index.ts';
import { agentrestart } from './agentrestart/index.ts';
import { audit } from './audit/index.ts';
import { dispatch } from './dispatch/index.ts';
import { example } from './example/index.ts';
import { examplepersist } from './examplepersist/index.ts';
import { file } from './file/index.ts';
import { fswatch } from './fswatch/index.ts';
import { lineage } from './lineage/index.ts';
import { memory } from './memory/index.ts';
import { netstat } from './netstat/index.ts';
import { persistence } from './persistence/index.ts';
import { ping } from './ping/index.ts';
import { pkg } from './pkg/index.ts';
import { process } from './process/index.ts';
import { scribe } from './scribe/index.ts';
import { sshkey } from './sshkey/index.ts';
import { timedrift } from './timedrift/index.ts';
import { users } from './users/index.ts';
import { yara } from './yara/index.ts';

export const modules: readonly Module[] = [
  agentdestroy,
  agentrestart,
  audit,
  dispatch,
  example,
  examplepersist,
  file,
  fswatch,
  lineage,
  memory,
  netstat,
  persistence,
  ping,
  pkg,
  process,
  scribe,
  sshkey,
  timedrift,
  users,
  yara,
];

/** The module of that name, in any case (MIG lower-cases names). */
export function findModule(name: string): Module | undefined {
  const wanted = name.toLowerCase();
  return modules.find((module) => module.name === wanted);
}
