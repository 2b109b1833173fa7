/** The whole console as one pure function: what happened, and what follows from it. */
import { reportOf, type ErrorReport } from '../base/app-error.ts';
import { findModule } from '../../modules/index.ts';
import { line } from '../module/line.ts';
import { answer } from './answer.ts';
import { commands } from './commands/command-list.ts';
import { putFlags, requireModule } from './commands/draft-operations.ts';
import { leave } from './commands/navigate.ts';
import type { Step } from './command.ts';
import { describeParameters, enterLauncher, isEmpty } from './draft.ts';
import type { Event } from './event.ts';
import { findCommand } from './find-command.ts';
import { nextRun } from './next-run.ts';
import { currentMode, currentPlace, type AgentState, type Place, type State } from './state.ts';
import { startTally } from './tally.ts';
import { describePhase } from './targets.ts';
import { formatJson } from './results/write-format.ts';
import { splitWords } from './words.ts';

const maxPlaces = 50;
/** Longer parameters, with rules from a file, are listed but not shown as JSON before they are kept. */
const maxShownLength = 20_000;

export function update(state: State, event: Event): Step {
  try {
    return next(state, event);
  } catch (error) {
    return fail(state, reportOf(error));
  }
}

function next(state: State, event: Event): Step {
  switch (event.kind) {
    case 'line':
      return runLine(state, event.text, event.nowMs);
    case 'lineEnded':
      return [{ ...state, busy: undefined }, []];
    case 'interrupted':
      return stopFollowing(state);
    case 'left':
      return leave(state);
    case 'failed':
      // What could not be shown is not what was shown last.
      return fail({ ...state, lastQuery: undefined }, event.error);
    case 'answered':
      return answer(state, event.topic, event.value, event.nowMs);
    case 'paramsMade':
      return [state, askKeep(event)];
    case 'flagsRead':
      return putFlags(state, requireModule(event.module), event.flags, event.at);
    case 'draftMade':
      return receiveDraft(state, event);
    case 'opened':
      return [open(state, event.place), []];
    case 'agentChanged':
      return changeAgent(state, event.agent);
    case 'launched':
      return startRun(state, event);
    case 'reported':
    case 'hitsShown':
    case 'commandEnded':
    case 'ticked':
      return nextRun(state, event);
    case 'alertReceived':
    case 'moduleEvent':
      return [state, []];
  }
}

function runLine(state: State, text: string, nowMs: number): Step {
  const fresh = { ...state, hasFailed: false };
  const words = splitWords(text);
  const [first, ...rest] = words;
  if (!first) return [fresh, []];
  const command = findCommand(commands, currentMode(state), first.text);
  const [after, effects] = command.run(fresh, {
    words: rest,
    args: rest.map((word) => word.text),
    raw: text.slice(first.to).trim(),
    name: command.name,
    nowMs,
  });
  return [{ ...after, busy: command.name }, effects];
}

function fail(state: State, error: ErrorReport): Step {
  return [{ ...state, hasFailed: true }, [{ kind: 'fail', error }]];
}

function stopFollowing(state: State): Step {
  const { following } = state;
  if (following === undefined) return [state, []];
  const said = `action ${following} goes on: "follow ${following}" returns to it, "cancel ${following}" stops it`;
  return [{ ...state, following: undefined }, [{ kind: 'print', lines: [line(said, 'warning')] }]];
}

/** The last question of `add`: the operation is shown first. */
function askKeep(event: Event & { readonly kind: 'paramsMade' }): Step[1] {
  const { module, parameters, at } = event;
  return [
    {
      kind: 'print',
      lines: [line(`operation ${module}`, 'heading'), ...describeParameters(findModule(module), parameters)],
    },
    ...(JSON.stringify(parameters).length > maxShownLength
      ? []
      : [{ kind: 'printSafe', texts: formatJson({ module, parameters }, 2).split('\n') } as const]),
    {
      kind: 'ask',
      question: {
        kind: 'choose',
        message: at === undefined ? 'Add this operation?' : `Change operation ${at} to this?`,
        choices: [
          { name: at === undefined ? 'add' : 'change', hint: 'put it into the draft' },
          { name: 'edit again', hint: 'go through the questions with these values' },
          { name: 'drop', hint: 'leave the draft as it was' },
        ],
        initial: at === undefined ? 'add' : 'change',
      },
      topic: { kind: 'keepParams', module, parameters, at },
    },
  ];
}

/** A draft that came from elsewhere takes the place of an empty one; another one is asked about. */
function receiveDraft(state: State, event: Event & { readonly kind: 'draftMade' }): Step {
  const { draft, notices } = event;
  const topic = { kind: 'replaceDraft', draft, notices } as const;
  if (isEmpty(state.draft)) return answer(enterLauncher(state), topic, true, event.nowMs);
  const message = `Replace the draft '${state.draft?.name ?? ''}'?`;
  return [state, [{ kind: 'ask', question: { kind: 'confirm', message, initial: false }, topic }]];
}

function open(state: State, place: Place): State {
  const isThere = JSON.stringify(currentPlace(state)) === JSON.stringify(place);
  return isThere ? state : { ...state, places: [...state.places.slice(-maxPlaces), place] };
}

/** An agent that is lost while nothing is asked of it is told of once. */
function changeAgent(state: State, agent: AgentState): Step {
  const before = state.agents.find(({ target }) => target === agent.target);
  const agents = before ? state.agents.map((one) => (one === before ? agent : one)) : [...state.agents, agent];
  const isNews = agent.phase === 'lost' && before?.phase !== 'lost' && agent.reason !== undefined;
  const said = line(`agent ${agent.target}: ${describePhase(agent)}`, 'warning');
  return [{ ...state, agents }, isNews ? [{ kind: 'print', lines: [said] }] : []];
}

function startRun(state: State, event: Event & { readonly kind: 'launched' }): Step {
  const { action, agents, follow } = event;
  const place: Place = { mode: 'action', action };
  const outside = currentPlace(state).mode === 'launcher' ? state.places.slice(0, -1) : state.places;
  return [
    {
      ...state,
      draft: undefined,
      places: [...outside, place],
      running: new Map([...state.running, [action, startTally(event)]]),
      following: follow ? action : state.following,
    },
    [
      { kind: 'removeDraft' },
      {
        kind: 'print',
        lines: [
          line(
            `action ${action} '${event.name}' is launched on ${agents.length} agent${agents.length === 1 ? '' : 's'}`,
            'good',
          ),
        ],
      },
      { kind: 'dispatch', action },
      ...(follow ? [{ kind: 'follow', action } as const] : []),
    ],
  ];
}
