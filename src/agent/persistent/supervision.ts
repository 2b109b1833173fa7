/**
 * How a persistent module is kept running: a pure machine, (state, event, now) -> [state, effects]. Time is monotonic; the loop that spawns, writes and
 * kills is supervise-module.ts.
 *
 *   stopped --start--> starting --registered--> healthy <--echo/no echo--> silent
 *                         |                        |                          |
 *                         +------- exited, killed (registerMs, silenceMs, broken) -------> waiting --pause over--> starting
 *   any --restart, stop--> stopping: prepare --(ready, prepareMs)--> stop --(stopMs)--> KILL --exited--> starting, or stopped
 *
 * An end that nobody asked for is followed by a pause that doubles, and is raised as an alert. It is given up never.
 */
import { formatAlertMessage } from '../../protocol/alert.ts';

/**
 * The one table of the times of supervision.
 *
 * | time           | default | meaning                                                                                              |
 * |----------------|---------|------------------------------------------------------------------------------------------------------|
 * | pingMs         | 10 s    | between two pings (MIG's); a ping that is not echoed when the next is due makes the module `silent`   |
 * | silenceMs      | 30 s    | without an echo: KILL (MIG's)                                                                        |
 * | lateMs         | 5 s     | woken so much too late, this process itself stood still: silence is counted anew                      |
 * | registerMs     | 120 s   | from the start to the registration: KILL                                                             |
 * | firstPauseMs   | 1 s     | pause before the start after an end that nobody asked for; it doubles                                |
 * | mostPauseMs    | 60 s    | up to this                                                                                           |
 * | healthMs       | 5 min   | of health: the pause is the first one again, and quick failures are forgotten                         |
 * | quickFailures  | 5       | ends in a row without healthMs between them: the module is in a crash loop, told once until it is healthy so long |
 * | killedMs       | 5 s     | after a KILL the process must be gone; it is logged once when it is not, and waited for              |
 */
export interface SupervisionTimes {
  readonly pingMs: number;
  readonly silenceMs: number;
  readonly lateMs: number;
  readonly registerMs: number;
  readonly firstPauseMs: number;
  readonly mostPauseMs: number;
  readonly healthMs: number;
  readonly quickFailures: number;
  readonly killedMs: number;
}

export const supervisionTimes: SupervisionTimes = {
  pingMs: 10_000,
  silenceMs: 30_000,
  lateMs: 5000,
  registerMs: 120_000,
  firstPauseMs: 1000,
  mostPauseMs: 60_000,
  healthMs: 300_000,
  quickFailures: 5,
  killedMs: 5000,
};

export interface StopTimes {
  readonly prepareMs: number;
  readonly stopMs: number;
  /** stopMs begins with the preparation, not behind it. */
  readonly isTotal?: boolean;
}

/** Of a process that was spawned and has not ended. */
interface Running {
  readonly startedMs: number;
  readonly echoMs: number;
  readonly pingDueMs: number;
  /** When it registered. */
  readonly healthyMs: number | undefined;
}

/** On the way to an end. `why` = nobody asked for it, it is a failure. */
interface Ending {
  readonly step: 'prepare' | 'stop' | 'killed';
  readonly untilMs: number;
  readonly stopMs: number;
  /** When it is killed, if that was fixed at the beginning. */
  readonly killDueMs: number | undefined;
  readonly after: 'start' | 'stay' | 'pause';
  readonly why: string | undefined;
  readonly isForced: boolean;
  readonly isUnprepared: boolean;
}

export interface Supervision {
  readonly name: string;
  readonly phase: 'starting' | 'healthy' | 'silent' | 'stopping' | 'waiting' | 'stopped';
  readonly running: Running | undefined;
  readonly ending: Ending | undefined;
  /** While `waiting`: when it is started again. */
  readonly startDueMs: number | undefined;
  readonly pauseMs: number;
  readonly failures: number;
  readonly isLooping: boolean;
  /** Times it was started again. */
  readonly restarts: number;
  readonly lastFailure: string | undefined;
}

export type SupervisionEvent =
  | { readonly kind: 'start' }
  | { readonly kind: 'registered' }
  | { readonly kind: 'echo' }
  | { readonly kind: 'ready' }
  /** It breaks a rule: floods, writes no messages, cannot be written to. */
  | { readonly kind: 'broken'; readonly reason: string }
  /** The process and what it left behind are gone, or it could not be started. */
  | { readonly kind: 'exited'; readonly how: string; readonly isCrash: boolean }
  | { readonly kind: 'restart'; readonly times: StopTimes }
  | { readonly kind: 'stop'; readonly times: StopTimes }
  /** Time has passed: at wakeAtMs, or later. */
  | { readonly kind: 'tick' };

export type SupervisionEffect =
  | { readonly kind: 'spawn' }
  | { readonly kind: 'send'; readonly message: 'ping' | 'prepare' | 'stop' }
  | { readonly kind: 'kill' }
  | { readonly kind: 'log'; readonly level: 'info' | 'warn' | 'error'; readonly text: string }
  | { readonly kind: 'alert'; readonly message: string }
  /** The process that ended, asked for: how it went. */
  | { readonly kind: 'stopped'; readonly isForced: boolean; readonly isUnprepared: boolean };

export type Step = readonly [Supervision, readonly SupervisionEffect[]];

export function createSupervision(name: string, times: SupervisionTimes = supervisionTimes): Supervision {
  return {
    name,
    phase: 'stopped',
    running: undefined,
    ending: undefined,
    startDueMs: undefined,
    pauseMs: times.firstPauseMs,
    failures: 0,
    isLooping: false,
    restarts: 0,
    lastFailure: undefined,
  };
}

export function nextSupervision(
  state: Supervision,
  event: SupervisionEvent,
  nowMs: number,
  times: SupervisionTimes = supervisionTimes,
): Step {
  switch (event.kind) {
    case 'start':
      return state.phase === 'stopped' || state.phase === 'waiting' ? spawn(state, nowMs, times) : [state, []];
    case 'registered':
      return register(state, nowMs);
    case 'echo':
      return echo(state, nowMs);
    case 'ready':
      return state.ending?.step === 'prepare' ? askToStop(state, state.ending, nowMs) : [state, []];
    case 'broken':
      return state.running && !state.ending ? kill(state, event.reason, nowMs, times) : [state, []];
    case 'exited':
      return exit(state, event, nowMs, times);
    case 'restart':
      return askToEnd(state, 'start', event.times, nowMs, times);
    case 'stop':
      return askToEnd(state, 'stay', event.times, nowMs, times);
    case 'tick':
      return tick(state, nowMs, times);
  }
}

/** When the next tick is due; undefined = never. */
export function wakeAtMs(state: Supervision, times: SupervisionTimes = supervisionTimes): number | undefined {
  if (state.ending) return state.ending.untilMs === Infinity ? undefined : state.ending.untilMs;
  if (state.phase === 'waiting') return state.startDueMs;
  if (!state.running) return undefined;
  const { pingDueMs, echoMs, startedMs, healthyMs } = state.running;
  const registerDueMs = healthyMs === undefined ? startedMs + times.registerMs : Infinity;
  return Math.min(pingDueMs, echoMs + times.silenceMs, registerDueMs);
}

function spawn(state: Supervision, nowMs: number, times: SupervisionTimes): Step {
  const isAgain = state.phase !== 'stopped' || state.ending !== undefined;
  const running = { startedMs: nowMs, echoMs: nowMs, pingDueMs: nowMs + times.pingMs, healthyMs: undefined };
  return [
    {
      ...state,
      phase: 'starting',
      running,
      ending: undefined,
      startDueMs: undefined,
      restarts: state.restarts + (isAgain ? 1 : 0),
    },
    [{ kind: 'spawn' }],
  ];
}

function register(state: Supervision, nowMs: number): Step {
  if (!state.running || state.running.healthyMs !== undefined) return [state, []];
  const running = { ...state.running, healthyMs: nowMs };
  return [{ ...state, running, phase: state.phase === 'starting' ? 'healthy' : state.phase }, []];
}

function echo(state: Supervision, nowMs: number): Step {
  if (!state.running) return [state, []];
  return [
    {
      ...state,
      running: { ...state.running, echoMs: nowMs },
      phase: state.phase === 'silent' ? 'healthy' : state.phase,
    },
    [],
  ];
}

function tick(state: Supervision, nowMs: number, times: SupervisionTimes): Step {
  const dueMs = wakeAtMs(state, times);
  if (dueMs === undefined || nowMs < dueMs) return [state, []];
  if (state.ending) return tickEnding(state, state.ending, nowMs, times);
  if (state.phase === 'waiting') return spawn(state, nowMs, times);
  return state.running ? tickRunning(state, state.running, nowMs - dueMs, nowMs, times) : [state, []];
}

function tickRunning(
  state: Supervision,
  before: Running,
  lateMs: number,
  nowMs: number,
  times: SupervisionTimes,
): Step {
  // Woken much too late, this process or the whole host stood still: what was written in the meantime has not been read yet.
  const wasAway = lateMs > times.lateMs;
  const running = wasAway ? { ...before, echoMs: nowMs, startedMs: before.startedMs + lateMs } : before;
  if (nowMs - running.echoMs >= times.silenceMs)
    return kill(state, `it did not echo pings for ${times.silenceMs / 1000} s`, nowMs, times);
  if (running.healthyMs === undefined && nowMs - running.startedMs >= times.registerMs && !wasAway)
    return kill(state, `it did not register within ${times.registerMs / 1000} s`, nowMs, times);
  if (nowMs < running.pingDueMs) return [{ ...state, running }, []];
  // One ping without an echo is older than a ping, and not as old as two.
  const isSilent = state.phase === 'healthy' && nowMs - running.echoMs > times.pingMs * 1.5;
  return [
    {
      ...state,
      running: { ...running, pingDueMs: nowMs + times.pingMs },
      phase: isSilent ? 'silent' : state.phase,
    },
    [
      { kind: 'send', message: 'ping' },
      ...(isSilent ? [{ kind: 'log' as const, level: 'warn' as const, text: 'it did not echo the last ping' }] : []),
    ],
  ];
}

function tickEnding(state: Supervision, ending: Ending, nowMs: number, times: SupervisionTimes): Step {
  if (ending.step === 'prepare') {
    const [next, effects] = askToStop(state, { ...ending, isUnprepared: true }, nowMs);
    return [
      next,
      [{ kind: 'log', level: 'warn', text: 'it did not say that it is ready to stop in time' }, ...effects],
    ];
  }
  if (ending.step === 'stop') {
    return [
      { ...state, ending: { ...ending, step: 'killed', untilMs: nowMs + times.killedMs, isForced: true } },
      [
        { kind: 'log', level: 'error', text: `it did not stop within ${ending.stopMs / 1000} s and is killed` },
        { kind: 'kill' },
      ],
    ];
  }
  return [
    { ...state, ending: { ...ending, untilMs: Infinity } },
    [{ kind: 'log', level: 'error', text: `it is not gone ${times.killedMs / 1000} s after KILL: it is waited for` }],
  ];
}

function askToEnd(
  state: Supervision,
  after: 'start' | 'stay',
  { prepareMs, stopMs, isTotal }: StopTimes,
  nowMs: number,
  times: SupervisionTimes,
): Step {
  const fresh = { ...state, pauseMs: times.firstPauseMs, failures: 0, isLooping: false };
  if (!state.running) {
    if (after === 'start') return spawn(fresh, nowMs, times);
    return [{ ...fresh, phase: 'stopped', startDueMs: undefined }, []];
  }
  // One that is on its way to an end goes on, and a stop outlives a restart.
  if (state.ending) {
    const isStaying = after === 'stay' || state.ending.after === 'stay';
    return [{ ...fresh, ending: { ...state.ending, after: isStaying ? 'stay' : 'start' } }, []];
  }
  const ending: Ending = {
    step: 'prepare',
    untilMs: nowMs + prepareMs,
    stopMs,
    killDueMs: isTotal ? nowMs + stopMs : undefined,
    after,
    why: undefined,
    isForced: false,
    isUnprepared: false,
  };
  return [{ ...fresh, phase: 'stopping', ending }, [{ kind: 'send', message: 'prepare' }]];
}

function askToStop(state: Supervision, ending: Ending, nowMs: number): Step {
  return [
    { ...state, ending: { ...ending, step: 'stop', untilMs: ending.killDueMs ?? nowMs + ending.stopMs } },
    [{ kind: 'send', message: 'stop' }],
  ];
}

function kill(state: Supervision, why: string, nowMs: number, times: SupervisionTimes): Step {
  const ending: Ending = {
    step: 'killed',
    untilMs: nowMs + times.killedMs,
    stopMs: 0,
    killDueMs: undefined,
    after: 'pause',
    why,
    isForced: true,
    isUnprepared: true,
  };
  return [
    { ...state, phase: 'stopping', ending },
    [{ kind: 'log', level: 'error', text: `it is killed: ${why}` }, { kind: 'kill' }],
  ];
}

function exit(
  state: Supervision,
  { how, isCrash }: { readonly how: string; readonly isCrash: boolean },
  nowMs: number,
  times: SupervisionTimes,
): Step {
  if (!state.running) return [state, []];
  const { ending } = state;
  if (!ending) return fail(state, how, isCrash ? 'high' : 'medium', nowMs, times);
  if (ending.after === 'pause') return fail(state, `it was killed: ${ending.why ?? how}`, 'high', nowMs, times);
  const stopped = { kind: 'stopped' as const, isForced: ending.isForced, isUnprepared: ending.isUnprepared };
  // A failure on the way that somebody asked an end of is still one to know of.
  const lastFailure = ending.why ?? state.lastFailure;
  if (ending.after === 'stay')
    return [{ ...state, phase: 'stopped', running: undefined, ending: undefined, lastFailure }, [stopped]];
  const [next, effects] = spawn({ ...state, running: undefined, lastFailure }, nowMs, times);
  return [next, [stopped, ...effects]];
}

function fail(
  state: Supervision,
  reason: string,
  severity: 'high' | 'medium',
  nowMs: number,
  times: SupervisionTimes,
): Step {
  const healthyMs = state.running?.healthyMs;
  const wasHealthy = healthyMs !== undefined && nowMs - healthyMs >= times.healthMs;
  const failures = wasHealthy ? 1 : state.failures + 1;
  const pauseMs = wasHealthy ? times.firstPauseMs : state.pauseMs;
  const wasLooping = state.isLooping && !wasHealthy;
  const isLooping = failures >= times.quickFailures;
  const effects: SupervisionEffect[] = [
    { kind: 'log', level: 'error', text: `${reason}; it is started again in ${pauseMs / 1000} s` },
  ];
  // In a known crash loop, one that never came to work says nothing new.
  if (!wasLooping || healthyMs !== undefined)
    effects.push({ kind: 'alert', message: formatAlertMessage(severity, `module ${state.name}: ${reason}`) });
  if (isLooping && !wasLooping) {
    const text = `module ${state.name} is in a crash loop: it failed ${failures} times in a row, last because ${reason}; it is started again in ever longer pauses`;
    effects.push({ kind: 'alert', message: formatAlertMessage('critical', text) });
  }
  return [
    {
      ...state,
      phase: 'waiting',
      running: undefined,
      ending: undefined,
      startDueMs: nowMs + pauseMs,
      pauseMs: Math.min(2 * pauseMs, times.mostPauseMs),
      failures,
      isLooping,
      lastFailure: reason,
    },
    effects,
  ];
}
