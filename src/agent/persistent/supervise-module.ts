/** The loop around the machine of supervision.ts for one module: spawns, writes, kills, sets timers, and tells what changed. */
import { asObject } from '../../base/as-object.ts';
import { messageOf } from '../../base/app-error.ts';
import type { Clock } from '../../base/clock.ts';
import { createListeners } from '../../base/listeners.ts';
import type { Log } from '../../base/log.ts';
import { parsePersistSocket } from '../../module/persist-socket.ts';
import type { PersistentState } from '../../protocol/agent-info.ts';
import type { ModuleEvent } from '../../protocol/frame.ts';
import type { ModuleMessage } from '../../protocol/module-message.ts';
import type { AgentProgram } from '../agent-program.ts';
import type { AlertSpool } from './alert-spool.ts';
import type { ChildrenRecord } from './children-record.ts';
import { createAlertFeed } from './feed-alerts.ts';
import { type ModuleProcess, startModuleProcess } from './module-process.ts';
import {
  createSupervision,
  nextSupervision,
  type SupervisionEffect,
  type SupervisionEvent,
  type SupervisionTimes,
  wakeAtMs,
} from './supervision.ts';
import { createAlertReceiver } from './receive-alerts.ts';
import { sweep } from './sweep.ts';

export interface SupervisedModule {
  readonly name: string;
  readonly state: () => PersistentState;
  /** Where it listens, while it may be asked. */
  readonly socket: () => string | undefined;
  readonly send: (event: Extract<SupervisionEvent, { readonly kind: 'start' | 'restart' | 'stop' }>) => void;
  /** Every change of state. Returns the unsubscribe. */
  readonly onChange: (listener: () => void) => () => void;
  /** How an end that was asked for went. */
  readonly onStopped: (listener: (how: StoppedHow) => void) => () => void;
}

export interface StoppedHow {
  readonly isForced: boolean;
  readonly isUnprepared: boolean;
}

export interface SuperviseOptions {
  readonly name: string;
  readonly program: AgentProgram;
  readonly mark: string;
  /** The parameters of its first message. */
  readonly config: unknown;
  readonly clock: Clock;
  readonly log: Log;
  readonly alerts: AlertSpool;
  readonly record: ChildrenRecord;
  readonly onEvent: (event: ModuleEvent) => void;
  readonly times: SupervisionTimes;
}

const maxEventLength = 65_536;

export function superviseModule(options: SuperviseOptions): SupervisedModule {
  const { name, clock, alerts, times, record } = options;
  const changed = createListeners<[]>();
  const stopped = createListeners<[StoppedHow]>();
  let state = createSupervision(name, times);
  let child: ModuleProcess | undefined;
  let startedAt = '';
  let socket: string | undefined;
  let failedAt = '';
  let timer: NodeJS.Timeout | undefined;

  const tell = (kind: ModuleEvent['kind'], text: string): void =>
    options.onEvent({
      module: name,
      at: new Date(clock.nowMs()).toISOString(),
      kind,
      text: text.slice(0, maxEventLength),
    });
  const logLine = (level: 'info' | 'warn' | 'error', text: string): void => {
    options.log[level](text, { module: name });
    tell('log', text);
  };
  const raise = (message: string): void => {
    alerts.add(name, message);
    tell('alert', message);
  };
  const feed = createAlertFeed({
    module: name,
    alerts,
    send: (alert) => child?.send({ class: 'alert', parameters: alert }),
  });
  const receiver = createAlertReceiver({
    module: name,
    alerts,
    send: (receipt) => child?.send({ class: 'received', parameters: receipt }),
  });
  const takeAlert = (key: unknown, message: string): void => {
    if (typeof key !== 'number' || !Number.isSafeInteger(key) || key < 1) raise(message);
    else if (receiver.take(key, message)) tell('alert', message);
  };

  const isAsked = (): boolean => state.phase === 'healthy' || state.phase === 'silent';
  const dispatch = (event: SupervisionEvent): void => {
    const before = state;
    const [next, effects] = nextSupervision(state, event, clock.monotonicMs(), times);
    state = next;
    if ((next.phase === 'waiting' && before.phase !== 'waiting') || next.lastFailure !== before.lastFailure)
      failedAt = new Date(clock.nowMs()).toISOString();
    effects.forEach(perform);
    clearTimeout(timer);
    const dueMs = wakeAtMs(state, times);
    if (dueMs !== undefined)
      timer = setTimeout(() => dispatch({ kind: 'tick' }), Math.max(0, Math.ceil(dueMs - clock.monotonicMs())));
    if (state.phase !== before.phase) tell('state', state.phase);
    if (state.phase !== before.phase || state.restarts !== before.restarts) changed.tell();
  };
  const perform = (effect: SupervisionEffect): void => {
    if (effect.kind === 'spawn')
      start().catch((error: unknown) =>
        finish({ how: `it could not be started: ${messageOf(error)}`, isCrash: false }),
      );
    else if (effect.kind === 'send') child?.send({ class: effect.message });
    else if (effect.kind === 'kill') child?.kill();
    else if (effect.kind === 'log') logLine(effect.level, effect.text);
    else if (effect.kind === 'alert') raise(effect.message);
    else stopped.tell(effect);
  };

  const start = async (): Promise<void> => {
    await tidy();
    // Somebody asked for its end while that went on.
    if (state.ending) return dispatch({ kind: 'exited', how: 'it was not started yet', isCrash: false });
    const started = startModuleProcess({
      program: options.program,
      name,
      mark: options.mark,
      clock,
      events: {
        onMessage: (message) => take(message),
        onWords: (line) => logLine('warn', line),
        onBroken: (reason) => dispatch({ kind: 'broken', reason }),
        onEnd: (end) => void finish(end),
      },
    });
    child = started;
    if (started.pid === undefined) return;
    startedAt = new Date(clock.nowMs()).toISOString();
    record.set(name, started.pid);
    options.log.info('a persistent module was started', { module: name, pid: started.pid });
    started.send({ class: 'config', parameters: options.config });
    started.send({ class: 'ping' });
    changed.tell();
  };
  const finish = async (end: { readonly how: string; readonly isCrash: boolean }): Promise<void> => {
    feed.stop();
    receiver.stop();
    child = undefined;
    socket = undefined;
    changed.tell();
    await tidy();
    record.remove(name);
    dispatch({ kind: 'exited', ...end });
  };
  const tidy = async (): Promise<void> => {
    const left = await sweep(options.mark);
    if (left > 0) logLine('error', `${left} processes that it left behind cannot be ended`);
  };

  const take = (message: ModuleMessage): void => {
    const parameters = asObject(message.parameters) ?? {};
    const text = (key: string): string => (typeof parameters[key] === 'string' ? parameters[key] : '');
    if (message.class === 'ping') dispatch({ kind: 'echo' });
    else if (message.class === 'log') logLine('info', text('message'));
    else if (message.class === 'alert') takeAlert(parameters['key'], text('message'));
    else if (message.class === 'event') tell('data', text('text'));
    else if (message.class === 'ready') dispatch({ kind: 'ready' });
    else if (message.class === 'received') feed.received(parameters['n']);
    else if (message.class === 'register') register(text('sockpath'), parameters['takesalerts'] === true);
    else
      dispatch({
        kind: 'broken',
        reason: `it sent a message of class ${message.class}, which is not for a module to send`,
      });
  };
  const register = (spec: string, takesAlerts: boolean): void => {
    try {
      parsePersistSocket(spec);
    } catch (error) {
      return dispatch({ kind: 'broken', reason: `it registered ${messageOf(error)}` });
    }
    socket = spec;
    dispatch({ kind: 'registered' });
    if (takesAlerts) feed.start();
  };

  return {
    name,
    state: () => ({
      name,
      // Between the end of the process and that of all it left behind.
      phase: child === undefined && isAsked() ? 'stopping' : state.phase,
      ...(child?.pid === undefined ? {} : { pid: child.pid, starttime: startedAt }),
      restarts: state.restarts,
      ...(state.lastFailure === undefined
        ? {}
        : { lastFailure: { at: failedAt, reason: state.lastFailure.slice(0, 4096) } }),
    }),
    socket: () => (isAsked() ? socket : undefined),
    send: dispatch,
    onChange: changed.add,
    onStopped: stopped.add,
  };
}
