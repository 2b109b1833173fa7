import { findModule } from '../../../modules/index.ts';
import { AppError, ConsoleError } from '../../base/app-error.ts';
import { line, type Line } from '../../module/line.ts';
import type { Action } from '../../protocol/action.ts';
import { expectAtMost, usageError, type Command, type Step } from '../command.ts';
import { describeLack } from '../describe-lack.ts';
import { checkComplete, describeOperations, draftOf, withValidity } from '../draft.ts';
import { formatLimits } from '../format-action.ts';
import type { AgentState, State } from '../state.ts';
import { agentName, nameState } from '../agent-words.ts';
import { requireTarget, targetNames } from '../targets.ts';

const maxLacks = 5;

export const launch: Command = {
  name: 'launch',
  aliases: [],
  modes: ['launcher'],
  summary: 'show what will run where, ask, send it, and follow it',
  usage: 'launch [nofollow]',
  examples: ['launch', 'launch nofollow'],
  complete: (before) => (before.length === 0 ? [{ kind: 'words', words: ['nofollow'] }] : []),
  run: (state, { args, nowMs }) => {
    expectAtMost(args, 1);
    if (args[0] !== undefined && args[0] !== 'nofollow') {
      throw usageError(`expected nofollow or nothing, got ${JSON.stringify(args[0])}`);
    }
    return askLaunch(state, { follow: args[0] !== 'nofollow', nowMs });
  },
};

/** Shows what would run and asks; a target that cannot be evaluated here is asked for first. */
export function askLaunch(state: State, options: { readonly follow: boolean; readonly nowMs: number }): Step {
  const { follow, nowMs } = options;
  const draft = draftOf(state);
  checkComplete(draft);
  try {
    const preview = describeLaunch(state, draft, nowMs);
    return [
      state,
      [
        { kind: 'print', lines: preview },
        {
          kind: 'ask',
          question: { kind: 'confirm', message: 'Launch it?', initial: false },
          topic: { kind: 'launch', follow },
        },
      ],
    ];
  } catch (error) {
    if (!(error instanceof AppError) || !error.code.startsWith('TARGET_')) throw error;
    return askTarget(state, error, follow);
  }
}

function askTarget(state: State, error: AppError, follow: boolean): Step {
  return [
    state,
    [
      { kind: 'print', lines: [line(error.message, 'warning')] },
      {
        kind: 'ask',
        question: {
          kind: 'choose',
          message: 'Launch it on',
          choices: targetNames(state).map((name) => ({ name })),
          initial: 'local',
        },
        topic: { kind: 'target', follow },
      },
    ],
  ];
}

function describeLaunch(state: State, draft: Action, nowMs: number): readonly Line[] {
  const agents = requireTarget(state, draft.target, nowMs);
  const timed = withValidity(draft, nowMs);
  if (Date.parse(timed.validfrom) > nowMs) {
    throw new ConsoleError(
      'DRAFT_INCOMPLETE',
      `the draft is valid from ${timed.validfrom}: expected a start that has come ("times now +10m"), as this version does not wait for one`,
    );
  }
  const unknown = draft.operations.filter(({ module }) => !findModule(module)).map(({ module }) => module);
  return [
    line(`launch '${draft.name}'`, 'heading'),
    ...describeOperations(draft),
    line(`on ${agents.length} agent${agents.length === 1 ? '' : 's'} (target ${draft.target}):`),
    ...agents.slice(0, 10).map((agent) => line(`   ${agentName(agent)} (${nameState(agent)})`)),
    ...(agents.length > 10 ? [line(`   and ${agents.length - 10} more`)] : []),
    ...describeAbsent(agents),
    ...describeLacks(agents, draft),
    ...(timed === draft || draft.expireafter === timed.expireafter
      ? []
      : [
          line(
            draft.expireafter.startsWith('0001')
              ? 'no times were set: the default of 5m is used'
              : `its times ended at ${draft.expireafter}: the default of 5m is used`,
            'quiet',
          ),
        ]),
    line(
      `valid until ${timed.expireafter}; ${formatLimits(draft.limits)}; not signed, as only agents of this console are asked`,
    ),
    ...unknown.map((module) =>
      line(`module ${module} is not known here: an agent that does not know it either fails that operation`, 'warning'),
    ),
  ];
}

function describeAbsent(agents: readonly AgentState[]): readonly Line[] {
  const lost = agents.filter(({ phase, isReturning }) => phase === 'lost' && !isReturning).length;
  if (lost === 0) return [];
  return [line(`${lost} of ${agents.length} could not be reached so far: each is tried once more`, 'warning')];
}

/** What would come back as a failure is said before it is asked for. */
function describeLacks(agents: readonly AgentState[], { operations }: Action): readonly Line[] {
  const modules = new Set(operations.map(({ module }) => module).filter((name) => findModule(name)?.persistent));
  const lacks = [...modules].flatMap((module) => agents.flatMap((agent) => describeLack(agent, module) ?? []));
  return [
    ...lacks.slice(0, maxLacks).map((text) => line(text, 'warning')),
    ...(lacks.length > maxLacks ? [line(`and ${lacks.length - maxLacks} more such`, 'warning')] : []),
  ];
}

/** The investigator said yes. */
export function launchDraft(state: State, options: { readonly follow: boolean; readonly nowMs: number }): Step {
  const draft = draftOf(state);
  checkComplete(draft);
  const targets = requireTarget(state, draft.target, options.nowMs).map(({ target }) => target);
  const action = withValidity(draft, options.nowMs);
  return [state, [{ kind: 'launch', action, targets, follow: options.follow }]];
}
