/** The list of index.ts for the agent: a card is loaded when its module is to run, and with it the schema of its parameters, no other. */
import type { Module } from '../src/module/define-module.ts';

const cards: Readonly<Record<string, () => Promise<Module>>> = {
  agentdestroy: async () => (await import('./agentdestroy/index.ts')).agentdestroy,
  agentrestart: async () => (await import('./agentrestart/index.ts')).agentrestart,
  audit: async () => (await import('./audit/index.ts')).audit,
  dispatch: async () => (await import('./dispatch/index.ts')).dispatch,
  example: async () => (await import('./example/index.ts')).example,
  examplepersist: async () => (await import('./examplepersist/index.ts')).examplepersist,
  file: async () => (await import('./file/index.ts')).file,
  fswatch: async () => (await import('./fswatch/index.ts')).fswatch,
  lineage: async () => (await import('./lineage/index.ts')).lineage,
  memory: async () => (await import('./memory/index.ts')).memory,
  netstat: async () => (await import('./netstat/index.ts')).netstat,
  persistence: async () => (await import('./persistence/index.ts')).persistence,
  ping: async () => (await import('./ping/index.ts')).ping,
  pkg: async () => (await import('./pkg/index.ts')).pkg,
  process: async () => (await import('./process/index.ts')).process,
  scribe: async () => (await import('./scribe/index.ts')).scribe,
  sshkey: async () => (await import('./sshkey/index.ts')).sshkey,
  timedrift: async () => (await import('./timedrift/index.ts')).timedrift,
  users: async () => (await import('./users/index.ts')).users,
  yara: async () => (await import('./yara/index.ts')).yara,
};

export const moduleNames: readonly string[] = Object.keys(cards);

/** The name as the module has it, in whatever case it was given (MIG lower-cases names); undefined where there is no such module. */
export function findModuleName(name: string): string | undefined {
  const wanted = name.toLowerCase();
  return moduleNames.find((known) => known === wanted);
}

/** The module of that name, in any case. */
export async function loadModule(name: string): Promise<Module | undefined> {
  return cards[findModuleName(name) ?? '']?.();
}
