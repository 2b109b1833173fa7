/**
 * A persistent module as a program: MIG's `-P`. The first line that comes is its configuration; then it works, registers its socket and is asked there,
 * echoes pings, and ends on a stop, on the end of its input (its agent is gone) or on TERM. Exit status 0 after a stop, 1 when it could not work on.
 *
 *   config -> persist() -> socket -> register      pings are echoed from the start, whatever takes long
 *   prepare -> prepareStop() -> ready
 *   stop    -> stop() -> KILL to the own process group: what the module started ends with it; how long it may take is the agent's to say
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { messageOf } from '../../base/app-error.ts';
import { signalGroup } from '../../base/signal-group.ts';
import { systemClock } from '../../base/clock.ts';
import type { Module } from '../../module/define-module.ts';
import type { PersistHandlers } from '../../module/persist.ts';
import { answerQuestion } from '../../module/run-module.ts';
import { openProcessDeadline } from '../../native/process-deadline.ts';
import type { ModuleMessage } from '../../protocol/module-message.ts';
import { maxRestartTimeoutMs } from '../../protocol/restart-outcome.ts';
import { loadModule } from '../../../modules/load.ts';
import { describeUnknown } from '../serve-module-run.ts';
import { type AlertOutbox, openAlertOutbox } from './alert-outbox.ts';
import { createAlertTaker } from './take-alerts.ts';
import { formatAlert, formatEvent, maxLogLength } from './module-says.ts';
import { openModuleWire, type ModuleWire } from './module-wire.ts';
import { parsePersistConfig, type PersistConfig } from './persist-config.ts';
import { openQueryServer, type QueryServer } from './query-server.ts';

/**
 * | limit       | default | what happens when it is reached                                                                   |
 * |-------------|---------|---------------------------------------------------------------------------------------------------|
 * | configMs    | 30 s    | nobody has sent a configuration: the process ends                                                 |
 * | stopMs      | 10 s    | without an agent that would kill it, the module's own stop has not ended: the process ends all the same |
 * | flushMs     | 5 s     | the last words are not taken: the process ends all the same (MIG's limit)                         |
 * | endS        | 11 min  | an agent that asked for the stop has neither killed the process nor ended itself (it may give 10 min)  |
 * | silenceS    | 120 s   | no ping came or the event loop stood still: the kernel ends the process, whose agent must be gone |
 */
const defaultLimits = {
  configMs: 30_000,
  stopMs: 10_000,
  flushMs: 5000,
  endS: maxRestartTimeoutMs / 1000 + 60,
  silenceS: 120,
};

type Handlers = PersistHandlers<unknown, unknown, unknown>;

export interface PersistProgram {
  readonly name: string;
  readonly load?: (name: string) => Promise<Module | undefined>;
  readonly limits?: typeof defaultLimits;
}

export async function servePersist({ name, load = loadModule, limits = defaultLimits }: PersistProgram): Promise<void> {
  const abort = new AbortController();
  const deadline = openProcessDeadline();
  const configured = Promise.withResolvers<ModuleMessage | undefined>();
  // What is wrong with the call is said even where the input has ended already.
  const checked = Promise.withResolvers<void>();
  const taker = createAlertTaker({
    onTaken: (n) => wire.send({ class: 'received', parameters: { n } }),
    log: (text) => say(text),
    signal: abort.signal,
  });
  let handlers: Handlers | undefined;
  let outbox: AlertOutbox | undefined;
  let server: QueryServer | undefined;
  let isEnding = false;
  let isSupervised = false;
  let hasAgent = true;

  /** Settles when nobody else sees to it that the stop ends: the limit counts from then on. */
  const alone = Promise.withResolvers<void>();

  const endAlone = (status: number): Promise<void> => {
    if (!isEnding) deadline?.endAfter(60);
    alone.resolve();
    return end(status);
  };
  const end = async (status: number): Promise<void> => {
    if (isEnding) return;
    isEnding = true;
    abort.abort();
    const late = alone.promise.then(() => delay(limits.stopMs, undefined));
    const isStopped = await within(late, async () => {
      await server?.close();
      await handlers?.stop?.();
    });
    if (isStopped !== true) say(isStopped === undefined ? `it did not stop within ${limits.stopMs} ms` : isStopped);
    await wire.flush(limits.flushMs);
    leave(status, hasAgent);
  };
  const fail = (what: string, details?: string): void => {
    // What goes wrong on the way out is told by nobody: it must not begin the end again.
    if (isEnding) return;
    if (details !== undefined) say(details);
    // An agent logs last words, too, and holds them as the reason of the end.
    if (isSupervised) process.stderr.write(`${what}\n`);
    else if (details === undefined) say(what);
    void endAlone(1);
  };
  const take = (message: ModuleMessage): void => {
    if (message.class === 'config') configured.resolve(message);
    else if (message.class === 'ping') {
      deadline?.endAfter(limits.silenceS);
      wire.send({ class: 'ping' });
    } else if (message.class === 'stop') {
      deadline?.endAfter(limits.endS);
      void end(0);
    } else if (message.class === 'prepare') void prepare();
    else if (message.class === 'alert') taker.take(message.parameters);
    else if (message.class === 'received') outbox?.received(message.parameters);
  };
  const prepare = async (): Promise<void> => {
    try {
      await handlers?.prepareStop?.();
    } catch (error) {
      say(`it could not save what it has: ${messageOf(error)}`);
      return;
    }
    wire.send({ class: 'ready' });
  };
  const wire = openModuleWire({
    onMessage: take,
    onUnknown: (reason) => say(`a line of the agent was ignored: ${reason}`),
    onEnd: () => {
      hasAgent = false;
      configured.resolve(undefined);
      void checked.promise.then(() => endAlone(0));
    },
  });
  const say = (message: string): void => writeLog(wire, message);

  // Nobody is left to read last words: the end of the input tells that, too, and is acted upon.
  process.stderr.on('error', () => undefined);
  process.on('uncaughtException', (error) =>
    fail(`it crashed: ${error.message}`, `it crashed: ${error.stack ?? error.message}`),
  );
  process.on('unhandledRejection', (error) => fail(`it crashed: ${messageOf(error)}`));
  process.on('SIGTERM', () => void endAlone(0));
  process.on('SIGINT', () => undefined);
  deadline?.endWithParent();

  try {
    const module = await load(name);
    if (!module?.persistent) {
      fail(module ? `module '${module.name}' is not persistent` : describeUnknown(name));
      return;
    }
    const timer = setTimeout(
      () => fail(`expected a configuration within ${limits.configMs} ms, got none`),
      limits.configMs,
    );
    const message = await configured.promise;
    clearTimeout(timer);
    if (message === undefined) return;
    const config = parsePersistConfig(module, message.parameters);
    isSupervised = config.agentPid !== undefined;
    checked.resolve();
    // An agent that died before its death was watched: nobody is there to tell of it.
    if (config.agentPid !== undefined && config.agentPid !== process.ppid) return await endAlone(0);
    const stateFolder = join(config.stateFolder, 'modules', module.name);
    mkdirSync(stateFolder, { recursive: true, mode: 0o700 });
    const send = (parameters: unknown): void => wire.send({ class: 'alert', parameters });
    if (config.hasReceipts)
      outbox = openAlertOutbox({
        path: join(stateFolder, 'outbox.db'),
        module: module.name,
        clock: systemClock,
        send,
        log: say,
      });
    const alert = outbox?.add ?? ((message: string) => send({ message }));
    handlers = await startModule(module, config, { wire, alert, stateFolder, signal: abort.signal });
    taker.start(handlers.handleAlert);
    if (isEnding) return;
    server = await openQueryServer({
      path: join(config.runFolder, `persist-${module.name}.sock`),
      answer: (parameters, signal) =>
        answerQuestion(module, parameters, async (params) => handlers?.query(params, { signal }) ?? neverAsked()),
    });
    const takesAlerts = handlers.handleAlert !== undefined;
    wire.send({
      class: 'register',
      parameters: { sockpath: server.spec, ...(takesAlerts ? { takesalerts: true } : {}) },
    });
  } catch (error) {
    fail(messageOf(error));
  } finally {
    checked.resolve();
  }
}

async function startModule(
  module: Module,
  config: PersistConfig,
  options: {
    readonly wire: ModuleWire;
    readonly alert: (message: string) => void;
    readonly stateFolder: string;
    readonly signal: AbortSignal;
  },
): Promise<Handlers> {
  const { wire, alert, stateFolder, signal } = options;
  const { persist } = await (module.persistent?.load() ?? neverAsked());
  return persist({
    config: config.config,
    host: config.host,
    extraPrivacy: config.extraPrivacy,
    log: (message) => writeLog(wire, message),
    alert: (message) => alert(formatAlert(message)),
    event: (fields) => {
      const text = formatEvent(fields);
      if (text !== undefined) wire.send({ class: 'event', parameters: { text } });
    },
    signal,
    clock: systemClock,
    stateFolder,
  });
}

function writeLog(wire: ModuleWire, message: string): void {
  wire.send({ class: 'log', parameters: { message: message.slice(0, maxLogLength) } });
}

/** True when the work ended in time, undefined when it did not, otherwise what it threw. */
async function within(late: Promise<undefined>, work: () => Promise<void>): Promise<true | undefined | string> {
  const done = work().then(
    () => true as const,
    (error: unknown) => `its stop failed: ${messageOf(error)}`,
  );
  return Promise.race([done, late]);
}

/** Without an agent, which sees to it otherwise, nothing that the module has started may stay: its group ends with it. */
function leave(status: number, hasAgent: boolean): never {
  if (!hasAgent && process.env['GUMSHOE_MODULE'] !== undefined) signalGroup(process.pid, 'SIGKILL');
  process.exit(status);
}

function neverAsked(): never {
  throw new Error('the module is not working yet');
}
