/** The whole console as one pure function: what happened, and what follows from it. */
import { reportOf, type ErrorReport } from '../base/app-error.ts';
import { findModule } from '../../modules/index.ts';
import { line } from '../module/line.ts';
import { addAlert, passTime, withUnacknowledged } from './alert-feed.ts';
import { answer } from './answer.ts';
import { commands } from './commands/command-list.ts';
import { setTarget } from './commands/draft-facts.ts';
import { putFlags, requireModule } from './commands/draft-operations.ts';
import { leave } from './commands/navigate.ts';
import { receivePivots } from './commands/pivot.ts';
import type { Step } from './command.ts';
import { describeParameters } from './draft.ts';
import type { Event } from './event.ts';
import { findCommand } from './find-command.ts';
import { nextRun } from './next-run.ts';
import { receiveDraft } from './receive-draft.ts';
import { currentMode, currentPlace, type Place, type State } from './state.ts';
import { startTally } from './tally.ts';
import { changeAgent } from './next-agent.ts';
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
      return receiveDraft(state, event, event.nowMs);
    case 'pivotsFound':
      return receivePivots(state, event, event.nowMs);
    case 'opened':
      return [open(state, event.place), []];
    case 'agentChanged':
      return changeAgent(state, event.agent);
    case 'agentRemoved':
      return [{ ...state, agents: state.agents.filter(({ target }) => target !== event.target) }, []];
    case 'launched':
      return startRun(state, event);
    case 'reported':
    case 'hitsShown':
    case 'commandEnded':
      return nextRun(state, event);
    case 'ticked':
      return tick(state, event);
    case 'targetExpanded':
      return setTarget(state, event.target, event.nowMs);
    case 'alertReceived':
      // An agent that has not said who it is has no alerts.
      return [state, event.agent === '' ? [] : [{ ...event, kind: 'keepAlert' }]];
    case 'alertKept':
      return tellAlert(state, event);
    case 'alertsCounted':
      return [{ ...state, alerts: withUnacknowledged(state.alerts, event.unacknowledged) }, []];
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

/** A script reads alerts when it asks for them: between its lines they would be nothing but noise. */
function tellAlert(state: State, event: Event & { readonly kind: 'alertKept' }): Step {
  const counted = withUnacknowledged(state.alerts, state.alerts.unacknowledged + event.unacknowledged);
  if (!state.isInteractive) return [{ ...state, alerts: counted }, []];
  const [alerts, lines] = addAlert(counted, event.news, event.nowMs);
  return [{ ...state, alerts }, lines.length === 0 ? [] : [{ kind: 'print', lines }]];
}

function tick(state: State, event: Event & { readonly kind: 'ticked' }): Step {
  const [alerts, lines] = passTime(state.alerts, event.nowMs);
  const [after, effects] = nextRun({ ...state, alerts }, event);
  return [after, lines.length === 0 ? effects : [{ kind: 'print', lines }, ...effects]];
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

function open(state: State, place: Place): State {
  const isThere = JSON.stringify(currentPlace(state)) === JSON.stringify(place);
  return isThere ? state : { ...state, places: [...state.places.slice(-maxPlaces), place] };
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
