/** The agent reader. */
import { expectAtMost, usageError, type Command } from '../command.ts';
import type { Effect } from '../effect.ts';
import { currentPlace, type State } from '../state.ts';

const reader = { modes: ['agent'] as const };

export const details: Command = {
  ...reader,
  name: 'details',
  aliases: ['r'],
  summary: 'everything the agent says about itself',
  usage: 'details',
  examples: ['details'],
  run: (state, { args }) => {
    expectAtMost(args, 0);
    return [state, ofAgent(state, (agent) => ({ kind: 'showAgent', agent, facts: 'details' }))];
  },
};

export const lastactions: Command = {
  ...reader,
  name: 'lastactions',
  aliases: [],
  summary: 'the last actions that the agent was asked',
  usage: 'lastactions [N]',
  examples: ['lastactions 5'],
  run: (state, { args }) => {
    expectAtMost(args, 1);
    const limit = parseLimit(args[0], 10);
    return [state, ofAgent(state, (agent) => ({ kind: 'showLastActions', agent, limit }))];
  },
};

export const json: Command = {
  ...reader,
  name: 'json',
  aliases: [],
  summary: 'the agent as JSON',
  usage: 'json [pretty]',
  examples: ['json pretty'],
  complete: () => [{ kind: 'words', words: ['pretty'] }],
  run: (state, { args }) => {
    expectAtMost(args, 1);
    if (args[0] !== undefined && args[0] !== 'pretty') {
      throw usageError(`expected pretty or nothing, got ${JSON.stringify(args[0])}`);
    }
    const facts = args[0] === 'pretty' ? 'json pretty' : 'json';
    return [state, ofAgent(state, (agent) => ({ kind: 'showAgent', agent, facts }))];
  },
};

/** A count that was typed, or the usual one. Throws ConsoleError COMMAND_USAGE. */
export function parseLimit(typed: string | undefined, usual: number): number {
  if (typed === undefined) return usual;
  if (/^[1-9]\d{0,6}$/.test(typed)) return Number(typed);
  throw usageError(`expected a number from 1, got ${JSON.stringify(typed)}`);
}

function ofAgent(state: State, effect: (agent: string) => Effect): readonly Effect[] {
  const place = currentPlace(state);
  return place.mode === 'agent' ? [effect(place.agent)] : [];
}
