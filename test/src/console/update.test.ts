import { modules } from '../../../modules/index.ts';
import { answer } from '../../../src/console/answer.ts';
import { startTally } from '../../../src/console/tally.ts';
import { describe, expect, test } from 'vitest';
import type { Effect } from '../../../src/console/effect.ts';
import { emptyDraft } from '../../../src/console/draft.ts';
import { initialState, type AgentState, type State } from '../../../src/console/state.ts';
import { update } from '../../../src/console/update.ts';
import { agentInfo, hostnameResult } from '../../helpers/fake-link.ts';

const nowMs = Date.parse('2026-11-21T07:00:00Z');
const local: AgentState = { target: 'local', phase: 'online', info: agentInfo('web-01') };
const base = initialState({ agents: [local] });
const launcher = initialState({ agents: [local], places: [{ mode: 'base' }, { mode: 'launcher' }], draft: emptyDraft });

const type = (state: State, text: string) => update(state, { kind: 'line', text, nowMs });
const printed = (effects: readonly Effect[]): readonly string[] =>
  effects.flatMap((effect) => (effect.kind === 'print' ? effect.lines.map(({ text }) => text) : []));
const errors = (effects: readonly Effect[]) =>
  effects.flatMap((effect) =>
    effect.kind === 'fail' ? [{ code: effect.error.code, message: effect.error.message }] : [],
  );

describe('a typed line', () => {
  test('that is empty does nothing', () => {
    expect(type(base, '   ')).toEqual([base, []]);
  });

  test("is understood by the beginning of its command, or by MIG's word", () => {
    expect(type(base, 'cre action')[0].places.at(-1)).toEqual({ mode: 'launcher' });
    expect(type(launcher, 'setname find passwd')[0].draft?.name).toBe('find passwd');
    expect(type(launcher, 'NAME find  passwd')[0].draft?.name).toBe('find passwd');
  });

  test.each([
    ['foo', 'COMMAND_UNKNOWN', '"foo" is no command of mode base'],
    ['creat', 'COMMAND_USAGE', 'expected "create action", got nothing to create'],
    ['creste action', 'COMMAND_UNKNOWN', '"creste" is no command of mode base: did you mean create?'],
    ['a', 'COMMAND_UNKNOWN', '"a" may mean action, actions, agent, agents, alert, alerts'],
    ['launch', 'COMMAND_UNKNOWN', 'launch is no command of mode base: it belongs to launcher'],
    ['action', 'COMMAND_USAGE', 'expected the number of an action, got ""'],
    ['action x', 'COMMAND_USAGE', 'expected the number of an action, got "x"'],
    ['command 12', 'COMMAND_USAGE', 'expected the number of a command like 12.3 (agent 3 of action 12), got "12"'],
    ['results', 'COMMAND_USAGE', 'expected the number of an action, as in "results 12", got none'],
    [
      'results 1 fuond',
      'COMMAND_USAGE',
      'expected found, notfound, all or an option, got "fuond": did you mean found?',
    ],
    ['set width 3', 'COMMAND_USAGE', 'width: expected a number from 20 to 999999, got "3"'],
    [
      'set matchonyl on',
      'COMMAND_USAGE',
      'expected one of matchonly, format, width, colour, paging, got "matchonyl": did you mean matchonly?',
    ],
    ['help nothing', 'COMMAND_UNKNOWN', '"nothing" is no command and no module'],
    ['sign', 'NOT_YET', 'sign: actions for agents of this console run without a signature'],
    ['name "x', 'QUOTE_OPEN', 'the quote " at column 6 is not closed'],
  ])('%j fails and leaves everything as it was', (line, code, message) => {
    const [after, effects] = type(base, line);
    expect(errors(effects)).toEqual([{ code, message }]);
    expect({ ...after, hasFailed: false }).toEqual(base);
    expect(after.hasFailed).toBe(true);
  });
});

describe('a draft', () => {
  test('is saved at every change', () => {
    const [after, effects] = type(launcher, 'target local');
    expect(effects[0]).toEqual({ kind: 'saveDraft', draft: after.draft });
    expect(printed(effects)).toEqual(['target local: 1 agent, 1 online: web-01']);
  });

  test('gets an operation by flags, with the defaults that questions use', () => {
    const [after] = type(launcher, "addoperation file -path /etc -name '^passwd$'");
    expect(after.draft?.operations).toEqual([
      {
        module: 'file',
        parameters: {
          searches: {
            s1: {
              paths: ['/etc'],
              names: ['^passwd$'],
              options: { maxdepth: 1000, maxerrors: 30, matchall: true, matchlimit: 1000 },
            },
          },
        },
      },
    ]);
  });

  test('refuses a module that does not exist, and a flag that the module lacks', () => {
    expect(errors(type(launcher, 'add netstats')[1])).toEqual([
      {
        code: 'MODULE_UNKNOWN',
        message: `expected a module (${modules.map(({ name }) => name).join(', ')}), got "netstats": did you mean netstat?`,
      },
    ]);
    expect(errors(type(launcher, 'add file -pth /etc')[1])).toMatchObject([{ code: 'FLAG_UNKNOWN' }]);
  });

  test('says where a module is asked when it is typed as a command', () => {
    const place = (mode: 'base' | 'launcher') => initialState({ agents: [local], places: [{ mode }] });
    expect(errors(type(place('base'), 'netstat -lp 22')[1])).toEqual([
      {
        code: 'COMMAND_UNKNOWN',
        message: 'netstat is a module: "help netstat" tells about it; "create action" and then "add netstat" ask it',
      },
    ]);
    expect(errors(type(place('launcher'), 'netstat')[1])[0]?.message).toMatch(/; "add netstat" asks it$/);
  });

  test('asks the questions of a module that comes without flags', () => {
    expect(type(launcher, 'add file')[1]).toEqual([
      { kind: 'createParams', module: 'file', previous: undefined, at: undefined },
    ]);
  });

  test('has its operations edited, moved and removed by their numbers from 1', () => {
    let [state] = type(launcher, 'add file -path /etc -name a');
    [state] = type(state, 'add example -gethostname');
    [state] = type(state, 'edit 1 -maxdepth 2');
    expect(state.draft?.operations[0]?.parameters).toMatchObject({
      searches: { s1: { paths: ['/etc'], names: ['a'], options: { maxdepth: 2, matchlimit: 1000 } } },
    });
    [state] = type(state, 'move 2 1');
    expect(state.draft?.operations.map(({ module }) => module)).toEqual(['example', 'file']);
    expect(type(state, 'remove 1')[1]).toMatchObject([{ kind: 'ask', topic: { kind: 'removeOperation', at: 1 } }]);
    const [removed] = update(state, {
      kind: 'answered',
      topic: { kind: 'removeOperation', at: 1 },
      value: true,
      nowMs,
    });
    expect(removed.draft?.operations.map(({ module }) => module)).toEqual(['file']);
    const [kept] = update(state, { kind: 'answered', topic: { kind: 'removeAll' }, value: false, nowMs });
    expect(kept.draft?.operations).toHaveLength(2);
  });

  test("has times that are relative with MIG's minute of slack, or absolute", () => {
    expect(type(launcher, 'settimes now +10m')[0].draft).toMatchObject({
      validfrom: '2026-11-21T06:59:00.000Z',
      expireafter: '2026-11-21T07:11:00.000Z',
    });
    const [absolute] = type(launcher, 'times 2026-11-21T07:00:00Z 2026-11-21T08:00:00Z');
    expect(absolute.draft).toMatchObject({
      validfrom: '2026-11-21T07:00:00.000Z',
      expireafter: '2026-11-21T08:00:00.000Z',
    });
    const [after, effects] = type(absolute, 'times now 300');
    expect(errors(effects)).toEqual([
      { code: 'COMMAND_USAGE', message: 'expected a time like 2026-11-21T07:00:00Z, got "300"' },
    ]);
    expect(after.draft).toEqual(absolute.draft);
  });

  test('has limits, a threat and a description', () => {
    let [state] = type(launcher, 'limits timeout 30s memory 256M');
    [state] = type(state, 'limits result 1g');
    [state] = type(state, "describe author 'Julien V' revision 202611210700");
    [state] = type(state, 'threat level=high type=system');
    expect(state.draft).toMatchObject({
      limits: { timeoutMs: 30_000, memoryBytes: 268_435_456, resultBytes: 1_073_741_824 },
      description: { author: 'Julien V', revision: 202611210700 },
      threat: { level: 'high', type: 'system' },
    });
    expect(type(state, 'limits none')[0].draft).not.toHaveProperty('limits');
    expect(errors(type(state, 'limits timeout soon')[1])).toMatchObject([{ code: 'COMMAND_USAGE' }]);
    expect(errors(type(state, 'threat levle high')[1])[0]?.message).toContain('did you mean level?');
  });

  test('loses its signatures visibly when it is changed', () => {
    const signed = { ...launcher, draft: { ...emptyDraft, pgpsignatures: ['a', 'b'] } };
    const [after, effects] = type(signed, 'name other');
    expect(after.draft?.pgpsignatures).toEqual([]);
    expect(printed(effects)).toEqual(['2 signatures were of the draft before this change: they are dropped']);
  });

  test.each([
    ['target nowhere', 'no agent has that name: expected one of local, all, web-01, got "nowhere"'],
    ['target web-1', 'no agent has that name: expected one of local, all, web-01, got "web-1": did you mean web-01?'],
  ])('is not for %s', (line, message) => {
    expect(errors(type(launcher, line)[1])).toEqual([{ code: 'TARGET_UNKNOWN', message }]);
  });

  test('is for the agents of a condition, and what is wrong with one has its place', () => {
    const [after, effects] = type(launcher, "target environment->>'os'='linux'");
    expect(after.draft?.target).toBe("environment->>'os'='linux'");
    expect(effects).toContainEqual({ kind: 'showTarget', target: "environment->>'os'='linux'", ids: false });
    const [same, failed] = type(launcher, "target environment->>'os' LIEK 'lin%'");
    expect(same.draft).toBe(launcher.draft);
    expect(errors(failed)).toEqual([
      {
        code: 'TARGET_INVALID',
        message: 'target, at character 20, near "LIEK": no column is called so: did you mean LIKE?',
      },
    ]);
  });

  test('is not for what an earlier action found before its agents are looked up', () => {
    const [after, effects] = type(launcher, "target found(3) AND name LIKE 'web%'");
    expect(after.draft).toBe(launcher.draft);
    expect(effects).toEqual([{ kind: 'expandTarget', target: "found(3) AND name LIKE 'web%'" }]);
    const expanded = { kind: 'targetExpanded', target: "id IN ('a')", nowMs } as const;
    expect(update(launcher, expanded)[0].draft?.target).toBe("id IN ('a')");
  });

  test('that lacks something is not launched, and the error names the command', () => {
    expect(errors(type(launcher, 'launch')[1])).toEqual([
      { code: 'DRAFT_INCOMPLETE', message: 'the draft has no operation: type "add MODULE"' },
    ]);
    const [state] = type(launcher, 'add example -gethostname');
    expect(errors(type(state, 'launch')[1])[0]?.message).toBe('the draft has no name: type "name WORDS"');
  });
});

describe('a launch', () => {
  const [named] = type(launcher, 'name who');
  const [aimed] = type(named, 'target all');
  const [ready] = type(aimed, 'add example -gethostname');

  test('shows what runs where for how long, and asks', () => {
    const [, effects] = type(ready, 'launch nofollow');
    expect(printed(effects).slice(0, 2)).toEqual(["launch 'who'", '1. example']);
    expect(printed(effects)).toContain('   web-01 (online)');
    expect(effects.at(-1)).toMatchObject({ kind: 'ask', topic: { kind: 'launch', follow: false } });
  });

  test('is valid from a minute before until five minutes and one behind', () => {
    const [, effects] = update(ready, {
      kind: 'answered',
      topic: { kind: 'launch', follow: true },
      value: true,
      nowMs,
    });
    expect(effects).toMatchObject([
      {
        kind: 'launch',
        targets: ['local'],
        follow: true,
        action: { validfrom: '2026-11-21T06:59:00.000Z', expireafter: '2026-11-21T07:06:00.000Z' },
      },
    ]);
  });

  test('that is declined leaves the draft', () => {
    const [after, effects] = update(ready, {
      kind: 'answered',
      topic: { kind: 'launch', follow: true },
      value: false,
      nowMs,
    });
    expect(after).toEqual(ready);
    expect(printed(effects)).toEqual(['nothing was launched, the draft stays']);
  });

  test('of a target that means nobody asks for another one', () => {
    const loaded = { ...ready, draft: { ...emptyDraft, ...ready.draft, target: "environment->>'os'='plan9'" } };
    const [, effects] = type(loaded, 'launch');
    expect(effects.at(-1)).toMatchObject({ kind: 'ask', question: { kind: 'choose' }, topic: { kind: 'target' } });
    const [after, asked] = update(loaded, {
      kind: 'answered',
      topic: { kind: 'target', follow: true },
      value: 'local',
      nowMs,
    });
    expect(after.draft?.target).toBe('local');
    expect(asked.at(-1)).toMatchObject({ kind: 'ask', topic: { kind: 'launch' } });
  });
});

describe('a running action', () => {
  const launched = {
    kind: 'launched',
    action: 12,
    name: 'who',
    operations: 1,
    agents: ['web-01', 'web-02'],
    follow: true,
    nowMs,
    expireAfterMs: nowMs + 360_000,
  } as const;
  const [running] = update({ ...launcher, draft: { ...emptyDraft, name: 'who' } }, launched);
  const report = (state: State, n: number, agent: string, value: Parameters<typeof update>[1] & { kind: 'reported' }) =>
    update(state, { ...value, n, agent });
  const result = {
    kind: 'reported',
    action: 12,
    n: 1,
    agent: 'web-01',
    report: hostnameResult('a'),
    nowMs: nowMs + 50,
  } as const;
  const done = { ...result, report: { kind: 'done', status: 'success' } } as const;

  test('replaces the launcher by its reader', () => {
    expect(running.places).toEqual([{ mode: 'base' }, { mode: 'action', action: 12 }]);
    expect(running.draft).toBeUndefined();
    expect(running.following).toBe(12);
  });

  test('ends when its last command has ended, and says what became of it', () => {
    let [state, effects] = report(running, 1, 'web-01', result);
    [state] = report(state, 1, 'web-01', done);
    expect(state.following).toBe(12);
    [state, effects] = update(state, {
      kind: 'commandEnded',
      action: 12,
      n: 2,
      status: 'failed',
      reason: 'the agent is gone',
      nowMs: nowMs + 100,
    });
    expect(state.following).toBeUndefined();
    expect(state.running.size).toBe(0);
    expect(effects).toContainEqual({ kind: 'finishAction', action: 12, status: 'completed' });
    expect(printed(effects)).toEqual([
      'web-02 did not succeed, status=failed: the agent is gone',
      'action 12 has ended: 2 operations in 100ms: 1 found, 1 failed',
      '"results" shows what was found, "results all" everything',
    ]);
  });

  test('goes on when it is no longer followed', () => {
    const [after, effects] = update(running, { kind: 'interrupted' });
    expect(after.following).toBeUndefined();
    expect(after.running.has(12)).toBe(true);
    expect(printed(effects)).toEqual(['action 12 goes on: "follow 12" returns to it, "cancel 12" stops it']);
    expect(type(after, 'follow')[1]).toEqual([{ kind: 'follow', action: 12 }]);
  });

  test('expires ten seconds behind its time', () => {
    expect(update(running, { kind: 'ticked', nowMs: nowMs + 369_000 })[1]).toEqual([]);
    expect(update(running, { kind: 'ticked', nowMs: nowMs + 370_001 })[1]).toEqual([{ kind: 'expire', action: 12 }]);
  });

  test('announces what comes after its end', () => {
    const [, effects] = update(base, { ...done, action: 11 });
    expect(printed(effects)).toEqual(['late answer of web-01 for action 11: "results 11" shows it']);
  });

  test('shows hits before the result', () => {
    const hits = { kind: 'hits', operation: 0, elements: { hostname: 'a' } } as const;
    expect(report(running, 1, 'web-01', { ...result, report: hits })[1]).toEqual([
      { kind: 'showHits', action: 12, agent: 'web-01', operation: 0, elements: { hostname: 'a' } },
    ]);
  });
});

describe('leaving', () => {
  test('goes back one level and keeps the draft', () => {
    const [state] = type(launcher, 'name x');
    const [after, effects] = type(state, 'exit');
    expect(after.places).toEqual([{ mode: 'base' }]);
    expect(after.draft?.name).toBe('x');
    expect(printed(effects)).toEqual(['the draft is kept: "create action" returns to it, "drop" removes it']);
  });

  test('at the base ends the console', () => {
    expect(type(base, 'exit')[0].ended).toBe(0);
    expect(update(base, { kind: 'left' })[0].ended).toBe(0);
  });

  test('returns to the draft with create action, or starts afresh', () => {
    const state = { ...base, draft: { ...emptyDraft, name: 'x' } };
    expect(type(state, 'create action')[0].draft?.name).toBe('x');
    const [asked, effects] = type(state, 'create action new');
    expect(asked.draft?.name).toBe('x');
    expect(effects).toEqual([
      {
        kind: 'ask',
        question: { kind: 'confirm', message: "Drop the draft 'x'?", initial: false },
        topic: { kind: 'newDraft' },
      },
    ]);
    expect(answer(asked, { kind: 'newDraft' }, false, 0)[0].draft?.name).toBe('x');
    expect(answer(asked, { kind: 'newDraft' }, true, 0)[0].draft).toEqual(emptyDraft);
    expect(type(state, 'drop')[0].draft).toBeUndefined();
  });
});

describe('the end of the console', () => {
  const tally = startTally({ name: 'x', agents: ['a'], operations: 1, nowMs: 0, expireAfterMs: 1 });
  const running = { ...base, running: new Map([[7, tally]]) };

  test('is asked about while something runs that would end with it', () => {
    const [state, effects] = type({ ...running, isInteractive: true }, 'exit');
    expect(state.ended).toBeUndefined();
    expect(effects).toMatchObject([
      {
        kind: 'ask',
        question: { message: '1 action still runs and is stopped when the console ends: leave?' },
        topic: { kind: 'leave' },
      },
    ]);
    expect(answer(state, { kind: 'leave' }, false, 0)[0].ended).toBeUndefined();
    expect(answer(state, { kind: 'leave' }, true, 0)[0].ended).toBe(0);
  });

  test('comes at once in a script, and when nothing runs', () => {
    expect(type(running, 'exit')[0].ended).toBe(0);
    expect(type({ ...base, isInteractive: true }, 'exit')[0].ended).toBe(0);
  });
});

describe('help', () => {
  test('lists the commands of the mode and explains one, or a module', () => {
    const list = printed(type(launcher, 'help')[1]);
    expect(list[0]).toBe('commands of mode launcher; the beginning of a name is enough');
    expect(list).toContain('  launch      show what will run where, ask, send it, and follow it');
    expect(printed(type(launcher, 'help launch')[1])).toContain('usage: launch [nofollow]');
    expect(printed(type(base, 'help file')[1])[0]).toMatch(/^file: /);
    expect(printed(type(base, 'help modules')[1]).join('\n')).toContain('netstat');
  });
});
