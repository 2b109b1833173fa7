/** Going to an action, a command, an agent or the launcher, and back. */
import { line } from '../../module/line.ts';
import { allModes, expectAtMost, usageError, type Command, type Step } from '../command.ts';
import { describeOperations, emptyDraft, enterLauncher, isEmpty } from '../draft.ts';
import { parseActionId, parseCommandId } from '../ids.ts';
import { currentPlace, type State } from '../state.ts';

export const action: Command = {
  name: 'action',
  aliases: [],
  modes: allModes,
  summary: 'read an action: what it asked, how far it is, what was found',
  usage: 'action ID',
  examples: ['action 12'],
  complete: (before) => (before.length === 0 ? [{ kind: 'actions' }] : []),
  run: (state, { args }) => {
    expectAtMost(args, 1);
    return [state, [{ kind: 'open', place: { mode: 'action', action: parseActionId(args[0] ?? '') } }]];
  },
};

export const command: Command = {
  name: 'command',
  aliases: [],
  modes: allModes,
  summary: 'read what one agent answered to an action',
  usage: 'command ID (ACTION.N; in an action just N)',
  examples: ['command 12.3'],
  complete: (before) => (before.length === 0 ? [{ kind: 'commands' }] : []),
  run: (state, { args }) => {
    expectAtMost(args, 1);
    const place = currentPlace(state);
    const id = parseCommandId(args[0] ?? '', place.mode === 'action' ? place.action : undefined);
    return [state, [{ kind: 'open', place: { mode: 'command', ...id } }]];
  },
};

export const agent: Command = {
  name: 'agent',
  aliases: [],
  modes: allModes,
  summary: 'read about an agent',
  usage: 'agent NAME',
  examples: ['agent local'],
  complete: (before) => (before.length === 0 ? [{ kind: 'agents' }] : []),
  run: (state, { args }) => {
    expectAtMost(args, 1);
    const [name] = args;
    if (name === undefined) throw usageError('expected the name of an agent, got none');
    return [state, [{ kind: 'open', place: { mode: 'agent', agent: name } }]];
  },
};

export const create: Command = {
  name: 'create',
  aliases: [],
  modes: ['base', 'action', 'command', 'agent'],
  summary: 'open the launcher with a new action, or with the draft that is not launched yet',
  usage: 'create action [new]',
  examples: ['create action', 'create action new   (asks before it drops the present draft)'],
  complete: (before) => (before.length === 0 ? [{ kind: 'words', words: ['action'] }] : []),
  run: (state, { args }) => {
    expectAtMost(args, 2);
    if (args[0] !== 'action') {
      throw usageError(
        `expected "create action", got ${args[0] === undefined ? 'nothing to create' : JSON.stringify(args[0])}`,
      );
    }
    if (args[1] !== undefined && args[1] !== 'new') throw usageError(`expected new, got ${JSON.stringify(args[1])}`);
    if (isEmpty(state.draft)) return startDraft(state);
    if (args[1] === undefined) return resumeDraft(state);
    const message = `Drop the draft '${state.draft?.name ?? ''}'?`;
    return [
      state,
      [{ kind: 'ask', question: { kind: 'confirm', message, initial: false }, topic: { kind: 'newDraft' } }],
    ];
  },
};

export const drop: Command = {
  name: 'drop',
  aliases: [],
  modes: ['base', 'launcher'],
  summary: 'throw the draft away',
  usage: 'drop',
  examples: ['drop'],
  run: (state, { args }) => {
    expectAtMost(args, 0);
    if (isEmpty(state.draft))
      return [{ ...state, draft: undefined }, [{ kind: 'print', lines: [line('there is no draft', 'quiet')] }]];
    const draft = currentPlace(state).mode === 'launcher' ? emptyDraft : undefined;
    return [
      { ...state, draft },
      [{ kind: 'removeDraft' }, { kind: 'print', lines: [line(`draft '${state.draft?.name ?? ''}' was dropped`)] }],
    ];
  },
};

export const exit: Command = {
  name: 'exit',
  aliases: ['quit', 'q'],
  modes: allModes,
  summary: 'leave this mode; at the base, the console',
  usage: 'exit',
  examples: ['exit'],
  run: (state, { args }) => {
    expectAtMost(args, 0);
    return leave(state);
  },
};

/** One level back; at the base the console ends, and with it what still runs: an investigator is asked before. */
export function leave(state: State): Step {
  if (state.places.length <= 1)
    return state.isInteractive && state.running.size > 0 ? askLeave(state) : [{ ...state, ended: 0 }, []];
  const left = { ...state, places: state.places.slice(0, -1) };
  if (currentPlace(state).mode !== 'launcher' || isEmpty(state.draft)) return [left, []];
  return [
    left,
    [{ kind: 'print', lines: [line('the draft is kept: "create action" returns to it, "drop" removes it', 'quiet')] }],
  ];
}

function askLeave(state: State): Step {
  const count = state.running.size;
  const message = `${count} action${count === 1 ? ' still runs and is' : 's still run and are'} stopped when the console ends: leave?`;
  return [state, [{ kind: 'ask', question: { kind: 'confirm', message, initial: false }, topic: { kind: 'leave' } }]];
}

function resumeDraft(state: State): Step {
  const { draft } = state;
  if (!draft) return startDraft(state);
  return [
    enterLauncher(state),
    [
      {
        kind: 'print',
        lines: [
          line(`draft '${draft.name}' is resumed: "drop" starts afresh, "launch" runs it`, 'warning'),
          ...describeOperations(draft),
        ],
      },
    ],
  ];
}

/** The launcher with an empty draft. */
export function startDraft(state: State): Step {
  return [
    enterLauncher({ ...state, draft: emptyDraft }),
    [
      { kind: 'removeDraft' },
      {
        kind: 'print',
        lines: [line('new action: give it a name, a target and operations ("add MODULE"), then "launch"', 'quiet')],
      },
    ],
  ];
}
