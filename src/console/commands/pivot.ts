/** From what was found to the next question: a new action about a process, a file or whatever a module says that its findings can be followed into. */
import { findModule } from '../../../modules/index.ts';
import { line, type Line } from '../../module/line.ts';
import type { Action } from '../../protocol/action.ts';
import { quoteText } from '../../target/expand-target.ts';
import { parseParams, quoteWord } from '../../module/flags.ts';
import { usageError, type Command, type Step } from '../command.ts';
import { describeLack } from '../describe-lack.ts';
import { emptyDraft } from '../draft.ts';
import { receiveDraft } from '../receive-draft.ts';
import type { AskedPivots, FoundPivots, PivotAgent, PivotChoice } from '../results/find-pivots.ts';
import type { State } from '../state.ts';
import { formatTable } from '../table.ts';
import { countAgents, firstNames } from '../targets.ts';
import { contextOf } from './results.ts';

/** As many as are read and chosen from at once; words narrow the rest. */
const maxListed = 50;
const maxAsked = 30;

export const pivot: Command = {
  name: 'pivot',
  aliases: [],
  modes: ['base', 'action', 'command', 'agent'],
  summary:
    'follow what was found: a new action about a process or file of the results, or on the agents that found something',
  usage:
    'pivot [ID] [N | WORD...] [--launch], pivot [ID] targets (a WORD: an agent, pid, path, or a part of the finding)',
  examples: [
    'pivot                    (what can be followed; where it is one thing, the action that follows it)',
    'pivot 2 --launch         (the second of the list, launched at once)',
    'pivot 12 web-01 sshd     (what fits both words, in the results of action 12)',
    'pivot targets            (a new action for the agents that found something)',
  ],
  complete: (before, state) => {
    if (before.length === 0 && contextOf(state).action === undefined) return [{ kind: 'actions' }];
    const { action = 0, n } = queryOf(state, before);
    return [
      { kind: 'pivots', action, n },
      { kind: 'words', words: ['targets', '--launch'] },
    ];
  },
  run: (state, { args }) => {
    const launch = args.includes('--launch');
    const { action, n, words } = queryOf(
      state,
      args.filter((word) => word !== '--launch'),
    );
    if (action === undefined) throw usageError('expected the number of an action, as in "pivot 12", got none');
    return [state, [{ kind: 'findPivots', query: { action, n }, words, launch }]];
  },
};

/** In a reader the action is known, and a number means a choice; elsewhere the first number is the action. */
function queryOf(
  state: State,
  args: readonly string[],
): { readonly action: number | undefined; readonly n: number | undefined; readonly words: readonly string[] } {
  const { action, n } = contextOf(state);
  if (action !== undefined) return { action, n, words: args };
  const [first = '', ...words] = args;
  const [, typed, typedN] = /^([1-9]\d{0,14})(?:\.([1-9]\d{0,8}))?$/.exec(first) ?? [];
  if (typed === undefined) return { action: undefined, n: undefined, words: args };
  return { action: Number(typed), n: typedN === undefined ? undefined : Number(typedN), words };
}

/** What becomes of the findings that can be followed: an action, a question which, or a list. */
export function receivePivots(state: State, asked: AskedPivots, nowMs: number): Step {
  const { found, words, action } = asked;
  if (words.length === 1 && words[0] === 'targets') return pivotTargets(state, asked, nowMs);
  if (found.choices.length === 0) return [state, [{ kind: 'print', lines: explainNothing(action, found) }]];
  const fitting = chooseFitting(found.choices, words);
  const [only, ...others] = fitting;
  if (!only) {
    throw usageError(
      `nothing that can be followed in action ${action} fits ${JSON.stringify(words.join(' ').slice(0, 200))}: "pivot ${action}" lists it`,
    );
  }
  if (others.length === 0) return followChoice(state, only, asked, nowMs);
  const lines = [...listChoices(fitting, asked), ...describeProblems(action, found.problems)];
  if (!state.isInteractive || fitting.length > maxAsked) return [state, [{ kind: 'print', lines }]];
  return [
    state,
    [
      { kind: 'print', lines },
      {
        kind: 'ask',
        question: {
          kind: 'choose',
          message: 'Follow which',
          choices: fitting.map((choice) => ({
            name: `${choice.n} ${choice.kind} ${choice.value}`,
            hint: choice.label,
          })),
        },
        topic: { kind: 'pivot', asked: { ...asked, found: { ...found, choices: fitting } } },
      },
    ],
  ];
}

/** One of the list was chosen by its name. */
export function answerPivot(state: State, asked: AskedPivots, value: string, nowMs: number): Step {
  const n = Number(value.split(' ')[0]);
  const choice = asked.found.choices.find((one) => one.n === n);
  return choice ? followChoice(state, choice, asked, nowMs) : [state, []];
}

/** A number alone is a place in the list; of words each has to fit. An agent's name leaves of a choice that agent alone. */
function chooseFitting(choices: readonly PivotChoice[], words: readonly string[]): readonly PivotChoice[] {
  const [first = ''] = words;
  const numbered = words.length === 1 && /^\d+$/.test(first) ? choices.filter(({ n }) => n === Number(first)) : [];
  if (numbered.length > 0) return numbered;
  const exact = words.length === 1 ? choices.filter(({ value }) => value === first) : [];
  if (exact.length > 0) return exact;
  return words.reduce<readonly PivotChoice[]>((left, word) => left.flatMap((choice) => fit(choice, word)), choices);
}

function fit(choice: PivotChoice, word: string): readonly PivotChoice[] {
  const agents = choice.agents.filter(({ name }) => name === word);
  if (agents.length > 0) return [{ ...choice, agents }];
  const isFitting =
    choice.kind === word ||
    choice.value === word ||
    `${choice.kind}=${choice.value}` === word ||
    choice.label.toLowerCase().includes(word.toLowerCase());
  return isFitting ? [choice] : [];
}

/** The new draft, in place of the present one; where that holds something it is asked. */
function followChoice(state: State, choice: PivotChoice, { action, launch }: AskedPivots, nowMs: number): Step {
  const { kind, value, module, flags, agents } = choice;
  const card = findModule(module);
  const parameters = card ? parseParams(card.params, flags) : {};
  const draft: Action = {
    ...emptyDraft,
    name: `${module} ${kind} ${value}, from action ${action}`.slice(0, 1000),
    target: targetOf(state, agents),
    operations: [{ module, parameters }],
  };
  const said = line(
    `followed: ${choice.label} on ${firstNames(agents.map(({ name }) => name))}: add ${module} ${flags.map(quoteWord).join(' ')}`,
    'good',
  );
  const notices = describeLacks(state, choice, launch);
  const [after, effects] = receiveDraft(state, { draft, notices, launch }, nowMs);
  return [after, [{ kind: 'print', lines: [said] }, ...effects]];
}

function pivotTargets(state: State, { action, found }: AskedPivots, nowMs: number): Step {
  if (found.finders.length === 0)
    throw usageError(`no agent found anything in action ${action}: there is nobody to ask further`);
  const draft: Action = { ...emptyDraft, name: `from action ${action}`, target: targetOf(state, found.finders) };
  const said = line(
    `for the ${countAgents(found.finders.length)} that found something in action ${action}: ${firstNames(found.finders.map(({ name }) => name))}; "add MODULE" says what to ask`,
    'good',
  );
  const [after, effects] = receiveDraft(state, { draft, notices: [] }, nowMs);
  return [after, [{ kind: 'print', lines: [said] }, ...effects]];
}

/** The agent's name here, or the ids of several: names that agents have may be the same. */
function targetOf(state: State, agents: readonly PivotAgent[]): string {
  const [only, ...others] = agents;
  if (only && others.length === 0) return state.agents.find(({ info }) => info?.id === only.id)?.target ?? only.name;
  return `id IN (${agents.map(({ id }) => quoteText(id)).join(',')})`;
}

/** Why agents could not answer: a persistent module that does not run there, and how it is made to; before a launch that is said with what will run. The draft is right all the same. */
function describeLacks(state: State, { module, agents }: PivotChoice, willLaunch: boolean): readonly string[] {
  return agents.slice(0, maxListed).flatMap(({ id, name }) => {
    const known = state.agents.find(({ info }) => info?.id === id);
    if (!known?.info) return [`${name} is no agent of this console now: "hosts add" makes it one`];
    if (!findModule(module)?.persistent || willLaunch) return [];
    return describeLack(known, module) ?? [];
  });
}

function listChoices(fitting: readonly PivotChoice[], { action, found, width }: AskedPivots): readonly Line[] {
  const shown = fitting.slice(0, maxListed);
  const rows = shown.map(({ n, kind, label, agents }) => [n, firstNames(agents.map(({ name }) => name)), kind, label]);
  const count = `${fitting.length}${found.isCut ? ' or more' : ''}`;
  return [
    line(`${count} findings of action ${action} can be followed`, 'heading'),
    ...formatTable(['n', 'agent', 'kind', 'finding'], rows, { width }),
    ...(fitting.length > shown.length
      ? [line(`and ${fitting.length - shown.length} more: "pivot WORD" narrows`, 'warning')]
      : []),
    line(
      '"pivot N" makes an action of one, so do words that fit it alone: an agent, pid, path, a part of the finding',
      'quiet',
    ),
  ];
}

function explainNothing(action: number, { problems, finders }: FoundPivots): readonly Line[] {
  if (finders.length === 0)
    return [line(`no agent found anything in action ${action} that could be followed`, 'warning')];
  return [
    line(`nothing that was found in action ${action} can be followed into another module`, 'warning'),
    ...describeProblems(action, problems),
    line(`"pivot targets" makes a new action for the ${countAgents(finders.length)} that found something`, 'quiet'),
  ];
}

function describeProblems(action: number, problems: readonly string[]): readonly Line[] {
  if (problems.length === 0) return [];
  return [
    ...problems.map((problem) => line(problem, 'warning')),
    line(`"copy ${action}" makes the same action again, "edit N -FLAG VALUE" changes its operation`, 'quiet'),
  ];
}
