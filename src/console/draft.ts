/** The launcher's draft: an action that is not launched yet. */
import { ConsoleError, messageOf } from '../base/app-error.ts';
import { findModule } from '../../modules/index.ts';
import type { Module } from '../module/define-module.ts';
import { line, type Line } from '../module/line.ts';
import { describeItem } from '../module/create-params.ts';
import { validateParameters } from '../module/params.ts';
import { zeroTime, type Action } from '../protocol/action.ts';
import { currentPlace, type State } from './state.ts';
import type { Step } from './command.ts';

/** MIG's: an action is valid from a minute before it is launched until a minute after its period. */
const slackMs = 60_000;
const defaultPeriodMs = 300_000;

export const emptyDraft: Action = {
  name: '',
  target: '',
  description: {},
  threat: {},
  validfrom: zeroTime,
  expireafter: zeroTime,
  operations: [],
  pgpsignatures: [],
  syntaxversion: 2,
};

/** The draft as it is, for a command that needs one. */
export function draftOf(state: State): Action {
  return state.draft ?? emptyDraft;
}

/** True when nothing would be lost with it. */
export function isEmpty(draft: Action | undefined): boolean {
  return !draft || (draft.operations.length === 0 && draft.name === '' && draft.target === '');
}

/** The changed draft, saved; signatures belong to what was signed, so a change drops them, and says so. */
export function changeDraft(state: State, changes: Partial<Action>, said: readonly Line[]): Step {
  const before = draftOf(state);
  const draft = { ...before, ...changes, pgpsignatures: [] };
  const dropped =
    before.pgpsignatures.length > 0
      ? [
          line(
            `${before.pgpsignatures.length} signatures were of the draft before this change: they are dropped`,
            'warning',
          ),
        ]
      : [];
  return [
    { ...state, draft },
    [
      { kind: 'saveDraft', draft },
      { kind: 'print', lines: [...said, ...dropped] },
    ],
  ];
}

/** Goes to the launcher unless it is there. */
export function enterLauncher(state: State): State {
  return currentPlace(state).mode === 'launcher'
    ? state
    : { ...state, places: [...state.places, { mode: 'launcher' }] };
}

/** What still stands between the draft and its launch. Throws ConsoleError DRAFT_INCOMPLETE, which names the command to type. */
export function checkComplete(draft: Action): void {
  const lack = (what: string, how: string): ConsoleError =>
    new ConsoleError('DRAFT_INCOMPLETE', `the draft has no ${what}: type "${how}"`);
  if (draft.operations.length === 0) throw lack('operation', 'add MODULE');
  if (draft.name === '') throw lack('name', 'name WORDS');
  if (draft.target === '') throw lack('target', 'target local');
  draft.operations.forEach(({ module, parameters }, at) => {
    const known = findModule(module);
    if (!known) return;
    try {
      validateParameters(known.params, parameters);
    } catch (cause) {
      throw new ConsoleError('DRAFT_INCOMPLETE', `operation ${at + 1} (${module}): ${messageOf(cause)}`, { cause });
    }
  });
}

/** The draft with a validity that can be used now: its own while that lasts, else MIG's default. */
export function withValidity(draft: Action, nowMs: number): Action {
  const isSet = draft.expireafter !== zeroTime;
  if (isSet && Date.parse(draft.expireafter) > nowMs) return draft;
  return { ...draft, ...validity(nowMs, defaultPeriodMs) };
}

/** A window of that length with a minute of slack on both sides, as MIG writes it. */
export function validity(startMs: number, periodMs: number): Pick<Action, 'validfrom' | 'expireafter'> {
  return {
    validfrom: new Date(startMs - slackMs).toISOString(),
    expireafter: new Date(startMs + periodMs + slackMs).toISOString(),
  };
}

/** The operations of a draft, counted from 1, each with its values. */
export function describeOperations(draft: Action): readonly Line[] {
  return draft.operations.flatMap(({ module, parameters }, at) => [
    line(`${at + 1}. ${module}`, 'heading'),
    ...describeParameters(findModule(module), parameters),
  ]);
}

/** Parameters as a list of words and values. */
export function describeParameters(module: Module | undefined, parameters: unknown): readonly Line[] {
  if (!module) return [line(`   this console does not know the module: an agent may`, 'warning')];
  const { params } = module;
  return [...params.toItems(parameters)].flatMap(([label, item]) => [
    ...(label === '' ? [] : [line(`   ${params.label?.noun ?? 'search'} '${label}'`)]),
    ...describeItem(params.fields, item).map(({ text }) => line(`   ${text}`)),
  ]);
}
