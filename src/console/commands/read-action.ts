/** Reading an action, wherever the investigator is: in the reader the action is known, elsewhere its number is typed. */
import { expectAtMost, usageError, type Call, type Command } from '../command.ts';
import { parseActionId } from '../ids.ts';
import { splitPipes } from '../pipes.ts';
import type { Mode } from '../ports.ts';
import { currentPlace, type State } from '../state.ts';
import { parsePack } from './draft-files.ts';

const anywhere: readonly Mode[] = ['base', 'action', 'command', 'agent'];

/** The action that a call is about, and the words behind its number. Throws ConsoleError COMMAND_USAGE. */
function takeAction(state: State, call: Call): { readonly action: number; readonly rest: readonly string[] } {
  const [first, ...others] = call.args;
  if (first !== undefined && /^\d/.test(first)) return { action: parseActionId(first), rest: others };
  const place = currentPlace(state);
  if (place.mode === 'action' || place.mode === 'command') return { action: place.action, rest: call.args };
  throw usageError(
    `expected the number of an action, as in "${call.name} 12", got ${first === undefined ? 'none' : JSON.stringify(first)}`,
  );
}

function onlyAction(state: State, call: Call): number {
  const { action, rest } = takeAction(state, call);
  expectAtMost(rest, 0);
  return action;
}

const byAction: Pick<Command, 'modes' | 'complete'> = {
  modes: anywhere,
  complete: (before) => (before.length === 0 ? [{ kind: 'actions' }] : []),
};

export const list: Command = {
  ...byAction,
  name: 'list',
  aliases: [],
  summary: 'list the commands of an action: which agents found something',
  usage: 'list [ID] [found|notfound|all] [| grep [-v] RE]...',
  examples: ['list 12 found', 'list all | grep -v ^web'],
  complete: () => [{ kind: 'words', words: ['found', 'notfound', 'all'] }],
  run: (state, call) => {
    const { words, pipes } = splitPipes(call.words);
    const { action, rest } = takeAction(state, { ...call, args: words });
    expectAtMost(rest, 1);
    const show = rest[0] ?? 'all';
    if (show !== 'found' && show !== 'notfound' && show !== 'all') {
      throw usageError(`expected found, notfound or all, got ${JSON.stringify(show)}`);
    }
    return [state, [{ kind: 'showList', query: { action, show, pipes } }]];
  },
};

export const ledger: Command = {
  ...byAction,
  name: 'ledger',
  aliases: [],
  summary: 'every agent that was asked, with its state and the reason',
  usage: 'ledger [ID]',
  examples: ['ledger', 'ledger 12'],
  run: (state, call) => [state, [{ kind: 'showLedger', action: onlyAction(state, call) }]],
};

export const counters: Command = {
  ...byAction,
  name: 'counters',
  aliases: ['r'],
  summary: 'how many agents were asked, have answered, have failed',
  usage: 'counters [ID]',
  examples: ['counters'],
  run: (state, call) => [state, [{ kind: 'showCounters', action: onlyAction(state, call) }]],
};

export const details: Command = {
  ...byAction,
  name: 'details',
  aliases: [],
  modes: ['action'],
  summary: 'everything about the action',
  usage: 'details',
  examples: ['details'],
  run: (state, call) => [state, [{ kind: 'showAction', action: onlyAction(state, call), facts: 'details' }]],
};

export const times: Command = {
  ...byAction,
  name: 'times',
  aliases: [],
  modes: ['action'],
  summary: 'when the action was valid, started and finished',
  usage: 'times',
  examples: ['times'],
  run: (state, call) => [state, [{ kind: 'showAction', action: onlyAction(state, call), facts: 'times' }]],
};

export const investigators: Command = {
  ...byAction,
  name: 'investigators',
  aliases: [],
  modes: ['action'],
  summary: 'who launched the action',
  usage: 'investigators',
  examples: ['investigators'],
  run: (state, call) => [state, [{ kind: 'showAction', action: onlyAction(state, call), facts: 'investigators' }]],
};

export const json: Command = {
  ...byAction,
  name: 'json',
  aliases: [],
  modes: ['action'],
  summary: 'the action as an action file',
  usage: 'json [pack]',
  examples: ['json', 'json pack'],
  complete: () => [{ kind: 'words', words: ['pack'] }],
  run: (state, call) => {
    const { action, rest } = takeAction(state, call);
    return [state, [{ kind: 'showActionJson', action, pack: parsePack(rest) }]];
  },
};

export const follow: Command = {
  ...byAction,
  name: 'follow',
  aliases: [],
  summary: 'watch an action until it has ended; Ctrl-C leaves, the action goes on',
  usage: 'follow [ID]',
  examples: ['follow', 'follow 12'],
  run: (state, call) => {
    const action = onlyAction(state, call);
    if (!state.running.has(action)) return [state, [{ kind: 'showCounters', action }]];
    return [{ ...state, following: action }, [{ kind: 'follow', action }]];
  },
};

export const cancel: Command = {
  ...byAction,
  name: 'cancel',
  aliases: [],
  summary: 'stop an action on its agents; what they found until then is kept',
  usage: 'cancel [ID]',
  examples: ['cancel 12'],
  run: (state, call) => [state, [{ kind: 'cancel', action: onlyAction(state, call) }]],
};

export const copy: Command = {
  ...byAction,
  name: 'copy',
  aliases: [],
  summary: 'open the launcher with a new action like this one',
  usage: 'copy [ID]',
  examples: ['copy', 'copy 12'],
  run: (state, call) => [state, [{ kind: 'copyAction', action: onlyAction(state, call) }]],
};
