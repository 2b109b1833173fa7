/** The explicit list: the answer to "what can this agent run?". A house test compares it with the folders. */
import type { Module } from '../src/module/define-module.ts';
import { example } from './example/index.ts';
import { file } from './file/index.ts';
import { netstat } from './netstat/index.ts';
import { scribe } from './scribe/index.ts';
import { users } from './users/index.ts';

export const modules: readonly Module[] = [example, file, netstat, scribe, users];

/** The module of that name, in any case (MIG lower-cases names). */
export function findModule(name: string): Module | undefined {
  const wanted = name.toLowerCase();
  return modules.find((module) => module.name === wanted);
}
