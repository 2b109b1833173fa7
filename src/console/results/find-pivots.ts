/** What the results of an action can be followed into, over all its agents: each value once, and who has it. */
import { messageOf } from '../../base/app-error.ts';
import type { Module } from '../../module/define-module.ts';
import type { Followable, Pivot } from '../../module/pivot.ts';
import type { AgentInfo } from '../../protocol/agent-info.ts';
import { readCommands, type StoredCommand } from '../../store/commands.ts';
import { readResults, type StoredResult } from '../../store/results.ts';
import type { ReadOptions } from './read-items.ts';

export type PivotAgent = Pick<AgentInfo, 'id' | 'name'>;

/** A value that can be followed, and the agents that have it: of what means something on its own agent alone it is one. */
export interface PivotChoice extends Pivot {
  /** Its place in the list of all, from 1. */
  readonly n: number;
  readonly agents: readonly PivotAgent[];
}

export interface FoundPivots {
  readonly choices: readonly PivotChoice[];
  /** There are more than are told. */
  readonly isCut: boolean;
  readonly problems: readonly string[];
  /** The agents with findings, whether these can be followed or not. */
  readonly finders: readonly PivotAgent[];
}

/** The same, with what was asked. */
export interface AskedPivots {
  readonly action: number;
  readonly found: FoundPivots;
  /** They choose among it. */
  readonly words: readonly string[];
  /** The draft that is made is launched. */
  readonly launch: boolean;
  /** Columns of the screen, for a list of them. */
  readonly width: number | undefined;
}

const maxChoices = 10_000;
const maxProblems = 5;
const maxLabelLength = 300;
/** Of a value and of a flag. */
const maxTextLength = 4096;

export async function findPivots(
  query: { readonly action: number; readonly n?: number | undefined },
  options: Pick<ReadOptions, 'store' | 'operations' | 'findModule'>,
): Promise<FoundPivots> {
  const choices = new Map<string, Pivot & { readonly agents: PivotAgent[] }>();
  const problems = new Set<string>();
  const finders: PivotAgent[] = [];
  let isCut = false;
  const take = (pivot: Pivot, agent: PivotAgent): void => {
    const key = JSON.stringify([pivot.module, pivot.flags, pivot.isOfAgent ? agent.id : '']);
    const known = choices.get(key);
    if (known && !known.agents.some(({ id }) => id === agent.id)) known.agents.push(agent);
    if (known) return;
    if (choices.size >= maxChoices) isCut = true;
    else choices.set(key, { ...pivot, agents: [agent] });
  };
  for (const command of readCommands(options.store, {
    action: query.action,
    ...(query.n === undefined ? {} : { n: query.n }),
  })) {
    if (!command.found) continue;
    const { id, name } = command.agent;
    finders.push({ id, name });
    for (const stored of readResults(options.store, command)) {
      const found = await followSafely(command, stored, options);
      for (const pivot of found.pivots) take(pivot, { id, name });
      for (const problem of found.problems) problems.add(problem);
    }
    // Gives keys and signals their turn between agents.
    await new Promise((resolve) => setImmediate(resolve));
  }
  const all = [...choices.values()].map((choice, at) => ({ ...choice, n: at + 1 }));
  return { choices: all, isCut, problems: [...problems].slice(0, maxProblems), finders };
}

/** What a hostile agent sends may break the module's reading of it: that is said, and the other results are not touched. */
async function followSafely(
  command: StoredCommand,
  stored: StoredResult,
  { operations, findModule }: Pick<ReadOptions, 'operations' | 'findModule'>,
): Promise<Followable> {
  const { module: name = 'unknown', parameters } = operations[stored.operation] ?? {};
  const about = (problem: string): string =>
    `${command.agent.name}, operation ${stored.operation + 1} (${name}): ${problem.slice(0, maxLabelLength)}`;
  try {
    const found = await follow(findModule(name), stored, parameters);
    return {
      pivots: found.pivots.map((pivot) => checkPivot(pivot, findModule)),
      problems: found.problems.map((problem) => about(problem)),
    };
  } catch (error) {
    return { pivots: [], problems: [about(`what it found cannot be followed: ${messageOf(error)}`)] };
  }
}

async function follow(module: Module | undefined, stored: StoredResult, parameters: unknown): Promise<Followable> {
  const pivots = await module?.loadPivots();
  return pivots?.(stored.result, parameters) ?? { pivots: [], problems: [] };
}

/** A module that hands on what an agent sent as text may hand on something else, or something without end. */
function checkPivot(pivot: Pivot, findModule: ReadOptions['findModule']): Pivot {
  const { kind, value, label, module, flags, isOfAgent } = pivot;
  const texts: readonly unknown[] = [kind, value, label, ...flags];
  if (!texts.every((text) => typeof text === 'string')) throw new Error('expected texts, got something else');
  if ([value, ...flags].some((text) => text.length > maxTextLength)) {
    throw new Error(`expected values of at most ${maxTextLength} characters, got a longer one`);
  }
  if (!findModule(module)) throw new Error(`module ${module} is not in this console`);
  return { kind, value, label: label.slice(0, maxLabelLength), module, flags, isOfAgent };
}
