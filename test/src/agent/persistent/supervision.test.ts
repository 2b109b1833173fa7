import { describe, expect, test } from 'vitest';
import {
  createSupervision,
  nextSupervision,
  type Supervision,
  type SupervisionEffect,
  type SupervisionEvent,
  wakeAtMs,
} from '../../../../src/agent/persistent/supervision.ts';

const stopTimes = { prepareMs: 5000, stopMs: 30_000 };
const start: SupervisionEvent = { kind: 'start' };
const registered: SupervisionEvent = { kind: 'registered' };
const echo: SupervisionEvent = { kind: 'echo' };
const ready: SupervisionEvent = { kind: 'ready' };
const tick: SupervisionEvent = { kind: 'tick' };
const restart: SupervisionEvent = { kind: 'restart', times: stopTimes };
const stop: SupervisionEvent = { kind: 'stop', times: stopTimes };
const broken: SupervisionEvent = { kind: 'broken', reason: 'it floods' };
const crash: SupervisionEvent = { kind: 'exited', how: 'it was ended by SIGSEGV', isCrash: true };
const killedBySomebody: SupervisionEvent = { kind: 'exited', how: 'it was ended by SIGKILL', isCrash: true };
const exit: SupervisionEvent = { kind: 'exited', how: 'it ended with status 1', isCrash: false };

type Timed = readonly [atMs: number, event: SupervisionEvent];

/** Feeds events at their times. What each led to, in short: "10000 send ping". */
function play(events: readonly Timed[], from = createSupervision('m')) {
  let state = from;
  const told: string[] = [];
  const phases: string[] = [];
  for (const [atMs, event] of events) {
    const [next, effects] = nextSupervision(state, event, atMs);
    state = next;
    told.push(...effects.filter(({ kind }) => kind !== 'log').map((effect) => `${atMs} ${describeEffect(effect)}`));
    phases.push(state.phase);
  }
  return { state, told, phases };
}

function describeEffect(effect: SupervisionEffect): string {
  if (effect.kind === 'send') return `send ${effect.message}`;
  if (effect.kind === 'alert') return `alert ${effect.message}`;
  if (effect.kind === 'stopped')
    return `stopped${effect.isForced ? ' forced' : ''}${effect.isUnprepared ? ' unprepared' : ''}`;
  return effect.kind;
}

/** Lets time pass up to `untilMs`, a tick whenever one is due; pings are echoed after 1 ms, or never. */
function live(from: Supervision, untilMs: number, echoes: boolean) {
  let state = from;
  const told: string[] = [];
  for (let dueMs = wakeAtMs(state); dueMs !== undefined && dueMs <= untilMs; dueMs = wakeAtMs(state)) {
    const [next, effects] = nextSupervision(state, tick, dueMs);
    state = next;
    told.push(...effects.filter(({ kind }) => kind !== 'log').map((effect) => `${dueMs} ${describeEffect(effect)}`));
    const isPinged = effects.some((effect) => effect.kind === 'send' && effect.message === 'ping');
    if (echoes && isPinged) [state] = nextSupervision(state, echo, dueMs + 1);
    if (state.phase === 'waiting') break;
  }
  return { state, told };
}

const healthy = play([
  [0, start],
  [100, echo],
  [200, registered],
]).state;

describe('a module that works', () => {
  test('is starting until it registers', () => {
    const { phases, told } = play([
      [0, start],
      [100, echo],
      [200, registered],
      [300, registered],
    ]);
    expect(phases).toEqual(['starting', 'starting', 'healthy', 'healthy']);
    expect(told).toEqual(['0 spawn']);
  });

  test('is pinged every 10 s', () => {
    const { state, told } = live(healthy, 35_000, true);
    expect(told).toEqual(['10000 send ping', '20000 send ping', '30000 send ping']);
    expect(state).toMatchObject({ phase: 'healthy', restarts: 0, lastFailure: undefined });
  });

  test('a second start changes nothing', () => {
    expect(nextSupervision(healthy, start, 500)).toEqual([healthy, []]);
  });
});

describe('a module that falls silent', () => {
  test('is silent when the next ping is due, and killed 30 s after its last echo', () => {
    const { state, told } = live(healthy, 30_100, false);
    expect(told).toEqual(['10000 send ping', '20000 send ping', '30000 send ping', '30100 kill']);
    expect(state.phase).toBe('stopping');
    expect(live(healthy, 25_000, false).state.phase).toBe('silent');
  });

  test('is healthy again with an echo', () => {
    const silent = live(healthy, 25_000, false).state;
    expect(nextSupervision(silent, echo, 26_000)[0].phase).toBe('healthy');
    expect(live(nextSupervision(silent, echo, 26_000)[0], 50_000, true).told.at(-1)).toBe('50000 send ping');
  });

  test('is raised as an alert when the killed process is gone, and started again after a second', () => {
    const killed = live(healthy, 30_100, false).state;
    const { state, told } = play([[30_200, killedBySomebody]], killed);
    expect(told).toEqual([
      '30200 alert {"severity":"high","alert":"module m: it was killed: it did not echo pings for 30 s"}',
    ]);
    expect(state).toMatchObject({ phase: 'waiting', startDueMs: 31_200 });
  });

  test('is not blamed when the agent itself stood still', () => {
    const { state, told } = play([[90_000, tick]], healthy);
    expect(told).toEqual(['90000 send ping']);
    expect(state.phase).toBe('healthy');
    expect(live(state, 110_000, true).told).toEqual(['100000 send ping', '110000 send ping']);
  });
});

describe('a module that does not register', () => {
  test('is killed after 120 s, echoes or not', () => {
    const starting = play([[0, start]]).state;
    const { told } = live(starting, 200_000, true);
    expect(told.at(-1)).toBe('120000 kill');
  });

  test('has its time again when the agent stood still', () => {
    const starting = play([[0, start]]).state;
    const { state } = play([[300_000, tick]], starting);
    expect(state.phase).toBe('starting');
    expect(wakeAtMs(state)).toBe(310_000);
  });
});

describe('a module that ends', () => {
  test.each([
    ['by a signal', crash, 'high', 'it was ended by SIGSEGV'],
    ['by itself', exit, 'medium', 'it ended with status 1'],
  ] as const)('%s, unasked, is raised as an alert', (_, event, severity, reason) => {
    const { state, told } = play([[1000, event]], healthy);
    expect(told).toEqual([`1000 alert {"severity":"${severity}","alert":"module m: ${reason}"}`]);
    expect(state).toMatchObject({ phase: 'waiting', lastFailure: reason, failures: 1 });
  });

  test('is started again after pauses that double up to 60 s', () => {
    let state = healthy;
    const pauses: number[] = [];
    for (let nowMs = 1000, round = 0; round < 9; round++) {
      state = nextSupervision(state, exit, nowMs)[0];
      pauses.push((state.startDueMs ?? 0) - nowMs);
      nowMs = state.startDueMs ?? 0;
      expect(nextSupervision(state, tick, nowMs - 1)[1]).toEqual([]);
      const [next, effects] = nextSupervision(state, tick, nowMs);
      expect(effects).toEqual([{ kind: 'spawn' }]);
      state = next;
    }
    expect(pauses).toEqual([1000, 2000, 4000, 8000, 16_000, 32_000, 60_000, 60_000, 60_000]);
    expect(state.restarts).toBe(9);
  });

  test('after 5 minutes of health begins with the first pause again', () => {
    const worn = { ...healthy, pauseMs: 32_000, failures: 5, isLooping: true };
    expect(nextSupervision(worn, exit, 300_199)[0]).toMatchObject({ startDueMs: 332_199, failures: 6 });
    expect(nextSupervision(worn, exit, 300_200)[0]).toMatchObject({
      startDueMs: 301_200,
      pauseMs: 2000,
      failures: 1,
      isLooping: false,
    });
  });

  test('that could not even be started is tried again in the same way', () => {
    const { state } = play([
      [0, start],
      [5, { kind: 'exited', how: 'it could not be started: ENOENT', isCrash: false }],
    ]);
    expect(state).toMatchObject({ phase: 'waiting', startDueMs: 1005, lastFailure: 'it could not be started: ENOENT' });
  });
});

describe('a crash loop', () => {
  const failing = (rounds: number, registers: boolean) => {
    let state = play([[0, start]]).state;
    const alerts: (readonly string[])[] = [];
    for (let round = 0, nowMs = 0; round < rounds; round++) {
      if (registers) [state] = nextSupervision(state, registered, nowMs);
      const [failed, effects] = nextSupervision(state, exit, nowMs);
      alerts.push(
        effects.flatMap((effect) =>
          effect.kind === 'alert' ? [(JSON.parse(effect.message) as { severity: string }).severity] : [],
        ),
      );
      nowMs = failed.startDueMs ?? 0;
      [state] = nextSupervision(failed, tick, nowMs);
    }
    return { state, alerts };
  };

  test('is told once, at the fifth failure, and never given up', () => {
    const { state, alerts } = failing(20, true);
    expect(alerts.map((some) => some.join())).toEqual([
      ...Array<string>(4).fill('medium'),
      'medium,critical',
      ...Array<string>(15).fill('medium'),
    ]);
    expect(state).toMatchObject({ phase: 'starting', failures: 20 });
  });

  test('of a module that never works says nothing more once it is known', () => {
    const { alerts } = failing(8, false);
    expect(alerts.map((some) => some.join())).toEqual([
      'medium',
      'medium',
      'medium',
      'medium',
      'medium,critical',
      '',
      '',
      '',
    ]);
  });

  test('is told again after 5 minutes of health', () => {
    let { state } = failing(6, true);
    [state] = nextSupervision(state, registered, 100_000);
    [state] = nextSupervision(state, exit, 500_000);
    expect(state).toMatchObject({ isLooping: false, failures: 1 });
  });
});

describe('an end that is asked for', () => {
  test('prepares, stops, and counts no failure', () => {
    const { state, told } = play(
      [
        [1000, stop],
        [1100, ready],
        [1200, exit],
      ],
      healthy,
    );
    expect(told).toEqual(['1000 send prepare', '1100 send stop', '1200 stopped']);
    expect(state).toMatchObject({ phase: 'stopped', failures: 0, lastFailure: undefined });
    expect(wakeAtMs(state)).toBeUndefined();
  });

  test('goes on without an answer after the limit of prepare, and kills once after that of stop', () => {
    const { state: stopping } = play([[1000, stop]], healthy);
    const { state, told } = live(stopping, 1_000_000, true);
    expect(told).toEqual(['6000 send stop', '36000 kill']);
    expect(wakeAtMs(state)).toBeUndefined();
    expect(play([[50_000, crash]], state).told).toEqual(['50000 stopped forced unprepared']);
  });

  test.each([
    ['says nothing', [], '6000 send stop'],
    ['prepares and ignores the stop', [[1500, ready]], '1500 send stop'],
  ] as const)('one that %s is killed at the time that the whole restart has', (_, answers, sent) => {
    const times = { ...stopTimes, isTotal: true };
    const { state, told } = play([[1000, { kind: 'restart', times }], ...answers], healthy);
    const all = [...told, ...live(state, 1_000_000, true).told];
    expect(all).toEqual(['1000 send prepare', sent, '31000 kill']);
  });

  test('an answer that comes late changes nothing', () => {
    const { told } = play(
      [
        [1000, stop],
        [6000, tick],
        [6100, ready],
      ],
      healthy,
    );
    expect(told).toEqual(['1000 send prepare', '6000 send stop']);
  });

  test('a restart starts at once when the process is gone, without a pause', () => {
    const worn = { ...healthy, pauseMs: 60_000, failures: 7, isLooping: true };
    const { state, told } = play(
      [
        [1000, restart],
        [1100, ready],
        [1200, exit],
        [1500, registered],
      ],
      worn,
    );
    expect(told).toEqual(['1000 send prepare', '1100 send stop', '1200 stopped', '1200 spawn']);
    expect(state).toMatchObject({ phase: 'healthy', restarts: 1, failures: 0, pauseMs: 1000 });
  });

  test('a restart of one that waits starts it now', () => {
    const waiting = play([[1000, exit]], healthy).state;
    expect(play([[1100, restart]], waiting).told).toEqual(['1100 spawn']);
  });

  test('a stop of one that waits or was never started needs nothing', () => {
    const waiting = play([[1000, exit]], healthy).state;
    expect(play([[1100, stop]], waiting)).toMatchObject({ told: [], phases: ['stopped'] });
    expect(play([[1100, stop]])).toMatchObject({ told: [], phases: ['stopped'] });
  });

  test.each([
    ['a stop outlives a restart that comes later', stop, restart, 'stopped'],
    ['a restart becomes a stop', restart, stop, 'stopped'],
    ['a second restart changes nothing', restart, restart, 'starting'],
  ] as const)('%s', (_, first, second, phase) => {
    const { phases, told } = play(
      [
        [1000, first],
        [1050, second],
        [1100, ready],
        [1200, exit],
      ],
      healthy,
    );
    expect(phases.at(-1)).toBe(phase);
    expect(told.filter((line) => line.endsWith('prepare'))).toHaveLength(1);
  });

  test('a module that is being killed for its silence is started at once when a restart is asked for', () => {
    const killed = live(healthy, 30_100, false).state;
    expect(
      play(
        [
          [30_150, restart],
          [30_200, crash],
        ],
        killed,
      ).told,
    ).toEqual(['30200 stopped forced unprepared', '30200 spawn']);
  });
});

describe('a module that breaks the rules', () => {
  test('is killed with the reason', () => {
    const { state, told } = play(
      [
        [1000, broken],
        [1001, broken],
        [1100, crash],
      ],
      healthy,
    );
    expect(told).toEqual(['1000 kill', '1100 alert {"severity":"high","alert":"module m: it was killed: it floods"}']);
    expect(state.lastFailure).toBe('it was killed: it floods');
  });

  test('is left to its end when that was asked for', () => {
    const stopping = play([[1000, stop]], healthy).state;
    expect(nextSupervision(stopping, broken, 1001)).toEqual([stopping, []]);
  });
});

test.each([['registered'], ['echo'], ['ready'], ['tick']] as const)('%s without a process changes nothing', (kind) => {
  for (const state of [createSupervision('m'), play([[1000, exit]], healthy).state])
    expect(nextSupervision(state, { kind }, 1001)).toEqual([state, []]);
});

test('whatever happens in whatever order, a process is spawned only when the one before is gone', () => {
  const all = [start, registered, echo, ready, tick, restart, stop, broken, crash, exit];
  let seed = 7;
  const random = (below: number): number => {
    seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
    return Math.floor((seed / 2_147_483_648) * below);
  };
  for (let round = 0; round < 300; round++) {
    let state = createSupervision('m');
    let running = 0;
    for (let step = 0, nowMs = 0; step < 100; step++) {
      const event = all[random(all.length)] ?? tick;
      if (event.kind === 'exited') running = 0;
      nowMs += random(3) === 0 ? random(40_000) : random(50);
      const [next, effects] = nextSupervision(state, event, nowMs);
      running += effects.filter(({ kind }) => kind === 'spawn').length;
      expect(running).toBeLessThanOrEqual(1);
      state = next;
      if (state.phase === 'waiting') expect(wakeAtMs(state)).toBeDefined();
    }
  }
});
