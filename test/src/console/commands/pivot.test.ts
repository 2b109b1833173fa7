import { describe, expect, test } from 'vitest';
import { emptyDraft } from '../../../../src/console/draft.ts';
import type { Effect } from '../../../../src/console/effect.ts';
import type { Event } from '../../../../src/console/event.ts';
import type { FoundPivots, PivotChoice } from '../../../../src/console/results/find-pivots.ts';
import { initialState, type AgentState, type State } from '../../../../src/console/state.ts';
import { update } from '../../../../src/console/update.ts';
import type { PersistentState } from '../../../../src/protocol/agent-info.ts';
import { agentInfo } from '../../../helpers/fake-link.ts';

const nowMs = Date.parse('2026-11-21T07:00:00Z');

/** An agent that keeps fswatch in this phase; null = it was started by the console. */
function agent(name: string, phase: PersistentState['phase'] | null = 'healthy', reason?: string): AgentState {
  const lastFailure = reason === undefined ? {} : { lastFailure: { at: '', reason } };
  const kept = phase === null ? {} : { persistent: [{ name: 'fswatch', phase, restarts: 0, ...lastFailure }] };
  return { target: `to-${name}`, name, phase: 'online', info: { ...agentInfo(name), ...kept } };
}
const agents = [agent('web-01'), agent('web-02')];
const reader = initialState({ agents, places: [{ mode: 'base' }, { mode: 'action', action: 12 }] });

const on = (...names: readonly string[]) => names.map((name) => ({ id: `id-${name}`, name }));
const sshd: PivotChoice = {
  n: 1,
  kind: 'pid',
  value: '812',
  label: 'sshd\x1b[2J[812] listens on 0.0.0.0:22',
  module: 'fswatch',
  flags: ['-changes', '8'],
  isOfAgent: true,
  agents: on('web-01'),
};
const passwd: PivotChoice = {
  n: 2,
  kind: 'path',
  value: "/etc/o'k x",
  label: '/etc/passwd',
  module: 'fswatch',
  flags: ['-path', "/etc/o'k x"],
  isOfAgent: false,
  agents: on('web-01', 'web-02'),
};
const third: PivotChoice = { ...sshd, n: 3, value: '2', label: 'cron[2]', agents: on('web-02') };

interface Given {
  readonly choices?: readonly PivotChoice[];
  readonly problems?: readonly string[];
  readonly finders?: FoundPivots['finders'];
  readonly words?: readonly string[];
  readonly launch?: boolean;
}

function receive(state: State, { choices = [sshd, passwd, third], problems = [], ...given }: Given = {}) {
  const finders = given.finders ?? on('web-01', 'web-02');
  const event: Event = {
    kind: 'pivotsFound',
    action: 12,
    found: { choices, isCut: false, problems, finders },
    words: given.words ?? [],
    launch: given.launch ?? false,
    width: 100,
    nowMs,
  };
  const [after, effects] = update(state, event);
  return { after, effects, texts: printed(effects), errors: failed(effects) };
}

const printed = (effects: readonly Effect[]): readonly string[] =>
  effects.flatMap((effect) => (effect.kind === 'print' ? effect.lines.map(({ text }) => text) : []));
const failed = (effects: readonly Effect[]): readonly string[] =>
  effects.flatMap((effect) => (effect.kind === 'fail' ? [effect.error.message] : []));
const asked = (effects: readonly Effect[]) => effects.flatMap((effect) => (effect.kind === 'ask' ? [effect] : []));
const type = (state: State, text: string) => update(state, { kind: 'line', text, nowMs })[1];

describe('the words', () => {
  test('are about the action that is read, or about the one that is named', () => {
    const query = { action: 12, n: undefined };
    expect(type(reader, 'pivot 2 --launch')).toEqual([{ kind: 'findPivots', query, words: ['2'], launch: true }]);
    const base = initialState({ agents });
    expect(type(base, 'pivot 12 sshd')).toEqual([{ kind: 'findPivots', query, words: ['sshd'], launch: false }]);
    expect(type(base, 'pivot 12.3')).toEqual([
      { kind: 'findPivots', query: { action: 12, n: 3 }, words: [], launch: false },
    ]);
    expect(failed(type(base, 'pivot sshd'))).toEqual(['expected the number of an action, as in "pivot 12", got none']);
  });
});

describe('what can be followed', () => {
  test('is followed at once where it is one thing: a draft for its agent alone', () => {
    const { after, effects, texts } = receive(reader, { choices: [sshd] });
    expect(after.draft).toEqual({
      ...emptyDraft,
      name: 'fswatch pid 812, from action 12',
      target: 'to-web-01',
      operations: [{ module: 'fswatch', parameters: { changes: 8 } }],
    });
    expect(after.places.at(-1)).toEqual({ mode: 'launcher' });
    expect(effects).toContainEqual({ kind: 'saveDraft', draft: after.draft });
    expect(texts[0]).toBe('followed: sshd\x1b[2J[812] listens on 0.0.0.0:22 on web-01: add fswatch -changes 8');
  });

  test('is listed with its numbers where it is several things, and nobody can be asked', () => {
    const { after, texts, effects } = receive(reader, { problems: ['web-02, operation 1 (netstat): no processes'] });
    expect(after).toEqual(reader);
    expect(asked(effects)).toEqual([]);
    expect(texts).toEqual([
      '3 findings of action 12 can be followed',
      'n  agent           kind  finding',
      '1  web-01          pid   sshd\x1b[2J[812] listens on 0.0.0.0:22',
      '2  web-01, web-02  path  /etc/passwd',
      '3  web-02          pid   cron[2]',
      '"pivot N" makes an action of one, so do words that fit it alone: an agent, pid, path, a part of the finding',
      'web-02, operation 1 (netstat): no processes',
      '"copy 12" makes the same action again, "edit N -FLAG VALUE" changes its operation',
    ]);
  });

  test('is asked for at a terminal, and the answer is followed', () => {
    const [question] = asked(receive({ ...reader, isInteractive: true }).effects);
    expect(question?.question).toMatchObject({
      kind: 'choose',
      choices: [
        { name: '1 pid 812' },
        { name: "2 path /etc/o'k x", hint: '/etc/passwd' },
        { name: '3 pid 2', hint: 'cron[2]' },
      ],
    });
    if (!question) throw new Error('nothing was asked');
    const { topic } = question;
    const [after] = update(reader, { kind: 'answered', topic, value: "2 path /etc/o'k x", nowMs });
    expect(after.draft?.operations).toEqual([{ module: 'fswatch', parameters: { path: "/etc/o'k x" } }]);
  });

  test.each([
    [['1'], '812'],
    [['3'], '2'],
    // A value is found by itself where no number of the list says the same.
    [['812'], '812'],
    [['path'], "/etc/o'k x"],
    [['SSHD'], '812'],
    [['pid', 'web-02'], '2'],
    [['pid=2'], '2'],
  ])('is chosen by %j', (words, value) => {
    expect(receive(reader, { words }).after.draft?.name).toBe(
      `fswatch ${value.startsWith('/') ? 'path' : 'pid'} ${value}, from action 12`,
    );
  });

  test('of several agents is asked of all that have it, or of the one that is named', () => {
    expect(receive(reader, { words: ['2'] }).after.draft?.target).toBe("id IN ('id-web-01','id-web-02')");
    expect(receive(reader, { words: ['path', 'web-02'] }).after.draft?.target).toBe('to-web-02');
  });

  test('and fits no word is refused, and everything stays', () => {
    const { after, errors } = receive(reader, { words: ['nginx'] });
    expect(errors).toEqual(['nothing that can be followed in action 12 fits "nginx": "pivot 12" lists it']);
    expect(after.draft).toBeUndefined();
  });

  test('is cut to what can be read', () => {
    const choices = Array.from({ length: 80 }, (_, at) => ({ ...sshd, n: at + 1, value: String(at + 5000) }));
    const { texts, effects } = receive({ ...reader, isInteractive: true }, { choices });
    expect(texts).toHaveLength(54);
    expect(texts.at(-2)).toBe('and 30 more: "pivot WORD" narrows');
    expect(asked(effects)).toEqual([]);
  });
});

describe('a draft that is there already', () => {
  const draft = { ...emptyDraft, name: 'mine' };

  test('is replaced only by one that agrees', () => {
    const { after, effects } = receive({ ...reader, draft }, { choices: [sshd] });
    expect(after.draft).toEqual(draft);
    const [question] = asked(effects);
    expect(question?.question.message).toBe("Replace the draft 'mine'?");
    if (!question) throw new Error('nothing was asked');
    const answer = (value: boolean) => update(after, { kind: 'answered', topic: question.topic, value, nowMs })[0];
    expect(answer(false).draft).toEqual(draft);
    expect(answer(true).draft?.target).toBe('to-web-01');
  });

  test('that is the same needs no answer', () => {
    const { after } = receive(reader, { choices: [sshd] });
    expect(asked(receive(after, { choices: [sshd] }).effects)).toEqual([]);
  });

  test('that is replaced is launched where that was said', () => {
    const { effects } = receive({ ...reader, draft }, { choices: [sshd], launch: true });
    const [question] = asked(effects);
    if (!question) throw new Error('nothing was asked');
    const [, then] = update(reader, { kind: 'answered', topic: question.topic, value: true, nowMs });
    expect(asked(then).map(({ question: next }) => next.message)).toEqual(['Launch it?']);
  });
});

test('--launch shows what will run and asks, as launch does', () => {
  const { after, effects, texts } = receive(reader, { choices: [sshd], launch: true });
  expect(asked(effects)[0]?.topic).toEqual({ kind: 'launch', follow: true });
  expect(texts).toContain("launch 'fswatch pid 812, from action 12'");
  expect(effects.findIndex(({ kind }) => kind === 'saveDraft')).toBeGreaterThan(-1);
  expect(after.draft?.target).toBe('to-web-01');
});

describe('an agent that could not answer', () => {
  const warning = (state: AgentState): readonly string[] =>
    receive({ ...reader, agents: [state] }, { choices: [sshd] }).texts.filter((text) => text.startsWith('web-01'));

  test.each([
    [agent('web-01'), []],
    [
      agent('web-01', 'disabled'),
      [
        'web-01: its fswatch is not enabled: "persistent: {fswatch: {enabled: true}}" in its configuration (/etc/gumshoe/agent.yaml) and "gumshoe-agent -q restart"; it knows what happens from then on',
      ],
    ],
    [
      agent('web-01', null),
      [
        'web-01: its agent was started by a console and keeps no module running: a daemon (gumshoe-agent) with "persistent: {fswatch: {enabled: true}}" in its configuration (/etc/gumshoe/agent.yaml)',
      ],
    ],
    [
      agent('web-01', 'waiting', 'needs CAP_NET_ADMIN'),
      ['web-01: its fswatch does not work now (waiting: needs CAP_NET_ADMIN)'],
    ],
  ])('is told, and how it is made to; the draft is kept (%#)', (state, expected) => {
    expect(warning(state)).toEqual(expected);
  });

  test('because it is none of this console is told, too', () => {
    const { after, texts } = receive({ ...reader, agents: [] }, { choices: [sshd] });
    expect(texts).toContain('web-01 is no agent of this console now: "hosts add" makes it one');
    expect(after.draft?.target).toBe('web-01');
  });
});

describe('where nothing can be followed', () => {
  test('it is said why, and what can be done', () => {
    expect(receive(reader, { choices: [], problems: ['web-01, operation 1 (netstat): not asked for'] }).texts).toEqual([
      'nothing that was found in action 12 can be followed into another module',
      'web-01, operation 1 (netstat): not asked for',
      '"copy 12" makes the same action again, "edit N -FLAG VALUE" changes its operation',
      '"pivot targets" makes a new action for the 2 agents that found something',
    ]);
    expect(receive(reader, { choices: [], finders: [] }).texts).toEqual([
      'no agent found anything in action 12 that could be followed',
    ]);
  });

  test('"targets" makes an action for the agents that found something', () => {
    const { after, texts } = receive(reader, { words: ['targets'] });
    expect(after.draft).toEqual({ ...emptyDraft, name: 'from action 12', target: "id IN ('id-web-01','id-web-02')" });
    expect(texts[0]).toBe(
      'for the 2 agents that found something in action 12: web-01, web-02; "add MODULE" says what to ask',
    );
    expect(receive(reader, { words: ['targets'], finders: [] }).errors).toEqual([
      'no agent found anything in action 12: there is nobody to ask further',
    ]);
  });
});
