import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  hasVerdict,
  restartStates,
  type RestartRecord,
  type RestartState,
} from '../../../../src/agent/restart/restart-record.ts';
import { nextRestart, type RestartEvent, type Successor } from '../../../../src/agent/restart/restart-state.ts';
import { createRecord } from './create-record.ts';

const now = { wallMs: 1_000_500, monoMs: 50_500 };
const at = (state: RestartState, more: Partial<RestartRecord> = {}): RestartRecord => createRecord({ state, ...more });
const successor: Successor = { pid: 900, startTicks: 77, bootId: 'boot-1', isFromHelper: true };
const begun = (more: Partial<Successor> = {}): RestartEvent => ({
  type: 'begun',
  successor: { ...successor, ...more },
});

/** One step: what changed in the record, and what is to be done. */
function step(record: RestartRecord, event: RestartEvent, time = now) {
  const [next, effects] = nextRestart(record, event, time);
  const changed = Object.entries(next).filter(([key, value]) => record[key as keyof RestartRecord] !== value);
  return { changed: Object.fromEntries(changed), effects };
}

describe('a restart of the agent', () => {
  test.each<[RestartState, RestartEvent, Partial<RestartRecord>, readonly string[]]>([
    ['accepted', { type: 'reported', reports: [] }, { state: 'reported', reports: [] }, ['store', 'chooseMethod']],
    [
      'reported',
      { type: 'methodChosen', method: { kind: 'systemd', unit: 'gumshoe-agent.service' } },
      { state: 'method', method: 'systemd', unit: 'gumshoe-agent.service' },
      ['store', 'enqueue'],
    ],
    [
      'reported',
      { type: 'methodChosen', method: { kind: 'helper' } },
      { state: 'method', method: 'helper' },
      ['store', 'spawnHelper'],
    ],
    ['method', { type: 'enqueued' }, { state: 'stopping' }, ['store', 'awaitTerm']],
    [
      'method',
      { type: 'acknowledged', helper: { pid: 600, startTicks: 6 } },
      { state: 'stopping', helper: { pid: 600, startTicks: 6 } },
      ['store', 'releaseHelper', 'awaitTerm'],
    ],
    ['stopping', { type: 'killed' }, { forced: true, killedAtMs: 1_000_500 }, ['store']],
    ['stopping', { type: 'gone' }, { state: 'starting' }, ['store', 'startAgent']],
    ['method', { type: 'gone' }, { state: 'starting' }, ['store', 'startAgent']],
    [
      'starting',
      { type: 'spawned', child: { pid: 900, startTicks: 77 } },
      { successor: { pid: 900, startTicks: 77 } },
      ['store'],
    ],
  ])('%s on %j', (state, event, changed, effects) => {
    expect(step(at(state), event)).toEqual({ changed, effects });
  });

  test('keeps at its end what its modules and actions came to', () => {
    const reports = [{ n: 1, report: { kind: 'accepted' as const } }];
    const event: RestartEvent = { type: 'left', forced: true, notes: ['fswatch was killed'], reports };
    expect(step(at('stopping'), event)).toEqual({
      changed: { leftMonoMs: 50_500, forced: true, notes: ['fswatch was killed'], reports },
      effects: ['store'],
    });
  });

  test.each<[RestartState, RestartEvent, string]>([
    ['accepted', { type: 'storeFailed', reason: 'disk full' }, 'the restart cannot be recorded: disk full'],
    ['reported', { type: 'storeFailed', reason: 'disk full' }, 'the restart cannot be recorded: disk full'],
    ['method', { type: 'storeFailed', reason: 'disk full' }, 'the restart cannot be recorded: disk full'],
    ['reported', { type: 'enqueueFailed', reason: 'process 1' }, 'process 1'],
    ['method', { type: 'enqueueFailed', reason: 'Unit not found' }, 'Unit not found'],
    ['method', { type: 'notAcknowledged', reason: 'no word in 3 s' }, 'no word in 3 s'],
    ['stopping', { type: 'notStopped', reason: 'the helper ended' }, 'the helper ended'],
    ['stopping', { type: 'survived', reason: 'still there' }, 'still there'],
    ['starting', { type: 'spawnFailed', reason: 'ENOENT' }, 'ENOENT'],
  ])('%s on %j has failed', (state, event, reason) => {
    expect(step(at(state), event)).toEqual({
      changed: { state: 'failed', reason, durationMs: 500, endedAtMs: 1_000_500 },
      effects: ['store', 'answer'],
    });
  });

  test.each<[string, RestartRecord, RestartEvent]>([
    ['stopping, by the helper', at('stopping', { method: 'helper', leftMonoMs: 1 }), begun()],
    ['starting, by the helper', at('starting', { method: 'helper', leftMonoMs: 1 }), begun()],
    ['stopping, by systemd', at('stopping', { method: 'systemd', leftMonoMs: 1 }), begun({ isFromHelper: false })],
  ])('is confirmed by the process that comes after: %s', (_, record, event) => {
    expect(step(record, event)).toEqual({
      changed: {
        state: 'confirming',
        newPid: 900,
        successor: { pid: 900, startTicks: 77 },
        notes: [],
      },
      effects: ['store', 'confirm'],
    });
  });

  test('says so when the agent ended before it had stopped its modules', () => {
    expect(step(at('starting', { method: 'helper' }), begun()).changed).toMatchObject({
      state: 'confirming',
      notes: ['the agent ended before it had stopped its modules'],
    });
  });

  test('was forced where systemd restarted an agent that had not left by itself', () => {
    const event = begun({ isFromHelper: false });
    expect(step(at('stopping', { method: 'systemd' }), event).changed).toMatchObject({ forced: true });
  });

  test.each<[RestartState, Partial<RestartRecord>, Partial<Successor>, number, string, string]>([
    ['accepted', {}, { isFromHelper: false }, 0, 'failed', 'the agent ended in ACCEPTED, before it was to stop'],
    ['reported', {}, { isFromHelper: false }, 0, 'failed', 'the agent ended in REPORTED, before it was to stop'],
    ['method', {}, { isFromHelper: false }, 0, 'failed', 'the agent ended in METHOD, before it was to stop'],
    ['accepted', {}, { isFromHelper: false }, 1e9, 'failed', 'the agent ended in ACCEPTED, before it was to stop'],
    [
      'stopping',
      { method: 'helper', helper: { pid: 600, startTicks: 6 } },
      { isFromHelper: false },
      0,
      'failed',
      'the helper (pid 600) ended in STOPPING, before it had started the agent again',
    ],
    [
      'starting',
      { method: 'helper', helper: { pid: 600, startTicks: 6 } },
      { isFromHelper: false },
      0,
      'failed',
      'the helper (pid 600) ended in STARTING, before it had started the agent again',
    ],
    ['confirming', { newPid: 850 }, {}, 0, 'failed', 'the agent that was started again (pid 850) ended in CONFIRMING'],
    ['stopping', { method: 'systemd' }, {}, 259_200_000, 'degraded', 'late, 259110 s'],
    ['starting', { method: 'helper' }, {}, 100_000, 'degraded', 'late, 10 s'],
    ['stopping', { method: 'helper' }, { bootId: 'boot-2' }, 0, 'degraded', 'completed by host reboot'],
    ['confirming', {}, { bootId: 'boot-2' }, 0, 'degraded', 'completed by host reboot'],
    ['stopping', { module: 'fswatch' }, {}, 0, 'failed', 'the agent ended in STOPPING, while it restarted fswatch'],
  ])('A3, A4, A16: found in %s with %j by %j, %d ms later, is %s: %s', (state, more, who, laterMs, verdict, reason) => {
    const time = { wallMs: 1_000_000 + laterMs, monoMs: 50_000 + laterMs };
    const { changed, effects } = step(at(state, more), begun(who), time);
    expect(changed).toMatchObject({ state: verdict, reason });
    expect(effects).toEqual(['store', 'answer']);
  });

  test('counts its duration by wall time after a reboot, when the monotonic clock has begun again', () => {
    const time = { wallMs: 1_090_000, monoMs: 3000 };
    expect(step(at('stopping'), begun({ bootId: 'boot-2' }), time).changed['durationMs']).toBe(90_000);
  });

  test.each<[readonly string[], Partial<RestartRecord>]>([
    [[], { state: 'success' }],
    [['fswatch is not healthy (waiting)'], { state: 'degraded', reason: 'fswatch is not healthy (waiting)' }],
    [
      ['fswatch is not healthy (waiting)', 'no console has come back'],
      { state: 'degraded', reason: 'fswatch is not healthy (waiting); no console has come back' },
    ],
  ])('A20: confirmed with %j missing', (missing, changed) => {
    expect(step(at('confirming'), { type: 'confirmed', missing })).toEqual({
      changed: { ...changed, durationMs: 500, endedAtMs: 1_000_500 },
      effects: ['store', 'answer'],
    });
  });
});

describe('a restart of one module', () => {
  const module = { module: 'fswatch' } as const;

  test('goes the same way, without another process', () => {
    const chosen = step(at('reported', module), { type: 'methodChosen', method: { kind: 'module' } });
    expect(chosen).toEqual({
      changed: { state: 'method', method: 'module' },
      effects: ['store', 'announceModule'],
    });
    expect(step(at('method', module), { type: 'moduleStopping' })).toEqual({
      changed: { state: 'stopping' },
      effects: ['store', 'restartModule'],
    });
  });

  test.each([
    [true, undefined, 'success', undefined],
    [false, 'it ended with status 1', 'degraded', 'fswatch: it ended with status 1'],
    [false, undefined, 'degraded', 'fswatch: it did not become healthy'],
  ] as const)('A20: healthy %s, %s: %s', (success, why, state, reason) => {
    const end = { success, oldPid: 10, newPid: 11, durationMs: 5, forced: true, reason: why };
    expect(step(at('stopping', module), { type: 'moduleRestarted', end }).changed).toEqual({
      state,
      ...(reason === undefined ? {} : { reason }),
      forced: true,
      oldPid: 10,
      newPid: 11,
      durationMs: 500,
      endedAtMs: 1_000_500,
    });
  });
});

describe('the end of the agent that somebody else asks for', () => {
  const failed = { state: 'failed', reason: 'r', durationMs: 500, endedAtMs: 1_000_500 };
  test.each<[string, RestartRecord, boolean, string]>([
    ['before there is a method', at('accepted'), false, 'failed'],
    ['before there is a method', at('reported'), false, 'failed'],
    ['before the helper has its word', at('method', { method: 'helper' }), false, 'failed'],
    ['by a signal, which may be the helper’s', at('stopping', { method: 'helper' }), false, 'stopping'],
    ['in words', at('stopping', { method: 'helper' }), true, 'failed'],
    ['with a job that systemd has', at('stopping', { method: 'systemd' }), true, 'stopping'],
    ['once it has ended', at('starting', { method: 'helper' }), true, 'starting'],
    ['while one module is restarted', at('stopping', { method: 'module', module: 'fswatch' }), true, 'stopping'],
  ])('%s: in %j, in words %j: %s', (_, record, isAsked, state) => {
    const { changed, effects } = step(record, { type: 'overtaken', isAsked, reason: 'r' });
    expect({ changed, effects }).toEqual(
      state === 'failed' ? { changed: failed, effects: ['store', 'answer'] } : { changed: {}, effects: [] },
    );
  });

  test('while systemd is being handed the job it is taken for that of the job', () => {
    for (const isAsked of [true, false])
      expect(step(at('method', { method: 'systemd' }), { type: 'overtaken', isAsked, reason: 'r' })).toEqual({
        changed: { state: 'stopping' },
        effects: ['store', 'awaitTerm'],
      });
  });
});

test('an agent that would not start again: refused, so that it does not count towards the limit', () => {
  expect(step(at('accepted'), { type: 'wouldNotStart', reason: 'r' })).toEqual({
    changed: { state: 'failed', reason: 'r', isRefused: true, durationMs: 500, endedAtMs: 1_000_500 },
    effects: ['store', 'answer'],
  });
});

const events: readonly RestartEvent[] = [
  { type: 'storeFailed', reason: 'r' },
  { type: 'wouldNotStart', reason: 'r' },
  { type: 'overtaken', isAsked: true, reason: 'r' },
  { type: 'reported', reports: [] },
  { type: 'methodChosen', method: { kind: 'helper' } },
  { type: 'enqueued' },
  { type: 'enqueueFailed', reason: 'r' },
  { type: 'notAcknowledged', reason: 'r' },
  { type: 'notStopped', reason: 'r' },
  { type: 'acknowledged', helper: { pid: 600, startTicks: 6 } },
  { type: 'moduleStopping' },
  {
    type: 'moduleRestarted',
    end: { success: true, oldPid: 1, newPid: 2, durationMs: 3, forced: false, reason: undefined },
  },
  { type: 'left', forced: false, notes: [], reports: [] },
  { type: 'killed' },
  { type: 'gone' },
  { type: 'survived', reason: 'r' },
  { type: 'spawnFailed', reason: 'r' },
  { type: 'spawned', child: { pid: 900, startTicks: 77 } },
  begun(),
  begun({ isFromHelper: false }),
  { type: 'confirmed', missing: [] },
];

describe('whatever comes', () => {
  test('a verdict never changes', () => {
    for (const state of restartStates.filter((one) => hasVerdict({ state: one })))
      for (const event of events) expect(nextRestart(at(state), event, now)).toEqual([at(state), []]);
  });

  /** What each state takes; everything else leaves it as it is. */
  test.each<[RestartState, readonly string[]]>([
    ['accepted', ['storeFailed', 'wouldNotStart', 'overtaken', 'reported', 'begun', 'begun']],
    ['reported', ['storeFailed', 'overtaken', 'methodChosen', 'enqueueFailed', 'notAcknowledged', 'begun', 'begun']],
    [
      'method',
      [
        'storeFailed',
        'enqueued',
        'enqueueFailed',
        'notAcknowledged',
        'acknowledged',
        'moduleStopping',
        'killed',
        'gone',
        'survived',
        'begun',
        'begun',
      ],
    ],
    ['stopping', ['notStopped', 'moduleRestarted', 'left', 'killed', 'gone', 'survived', 'begun', 'begun']],
    ['starting', ['spawnFailed', 'spawned', 'begun', 'begun']],
    ['confirming', ['begun', 'begun', 'confirmed']],
  ])('%s takes %j and nothing else', (state, taken) => {
    const record = at(state);
    const changing = events.filter((event) => nextRestart(record, event, now)[0] !== record);
    expect(changing.map(({ type }) => type)).toEqual(taken);
  });

  test('the next process never leaves a restart where it was: a verdict, or confirming', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...events), { maxLength: 12 }), (sequence) => {
        let record = at('accepted');
        for (const event of sequence) [record] = nextRestart(record, event, now);
        [record] = nextRestart(record, begun(), now);
        if (record.state === 'confirming') [record] = nextRestart(record, { type: 'confirmed', missing: [] }, now);
        return hasVerdict(record);
      }),
      { numRuns: 2000 },
    );
  });
});
