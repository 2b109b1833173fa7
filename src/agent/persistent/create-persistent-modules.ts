import { join } from 'node:path';
import { messageOf } from '../../base/app-error.ts';
import type { Clock } from '../../base/clock.ts';
import { createListeners } from '../../base/listeners.ts';
import type { Log } from '../../base/log.ts';
import { signalGroup } from '../../base/signal-group.ts';
import type { PersistHost } from '../../module/persist.ts';
import { masked } from '../../module/print.ts';
import type { ModuleEvent } from '../../protocol/frame.ts';
import { loadModule, moduleNames } from '../../../modules/load.ts';
import type { AgentProgram } from '../agent-program.ts';
import type { EnabledModule } from '../config/agent-config.ts';
import type { AlertSpool } from './alert-spool.ts';
import { openChildrenRecord } from './children-record.ts';
import type { ModuleRestart, ModuleStop, PersistentModules } from './persistent-modules.ts';
import { type StoppedHow, type SupervisedModule, superviseModule } from './supervise-module.ts';
import { type SupervisionTimes, supervisionTimes } from './supervision.ts';
import { formatMark, sweep } from './sweep.ts';

export interface PersistentModulesOptions {
  readonly program: AgentProgram;
  readonly modules: readonly EnabledModule[];
  readonly runFolder: string;
  readonly stateFolder: string;
  readonly agentId: string;
  readonly host: PersistHost;
  /** Modules mask what their alerts and events name; lines of their log, which name anything, are told to nobody outside. */
  readonly extraPrivacy?: boolean;
  /** Its monotonic time is what supervision counts by. */
  readonly clock: Clock;
  readonly log: Log;
  readonly alerts: AlertSpool;
  readonly times?: SupervisionTimes;
  /** Names of the persistent modules that there are, enabled or not. */
  readonly readKnown?: () => Promise<readonly string[]>;
}

/** At most so long for the answer to `prepare` in the restart of one module, and half of the time that the restart has. */
const prepareMs = 5000;
/** A module that was started again is healthy after so long, or the restart has failed (the agent's own restart allows as much). */
const healthyWithinMs = 20_000;
/** What an end takes besides its limits: the KILL, the look for what is left. */
const endMarginMs = 3000;

/** The persistent modules of one agent. Nothing runs before `start`. */
export function createPersistentModules(options: PersistentModulesOptions): PersistentModules {
  const { agentId, clock, log, extraPrivacy = false, times = supervisionTimes } = options;
  const changed = createListeners<[]>();
  const events = createListeners<[ModuleEvent]>((error) =>
    log.error('an event of a module was not handed on', { reason: messageOf(error) }),
  );
  const record = openChildrenRecord(join(options.stateFolder, 'modules.json'), log);
  const supervised = options.modules.map(({ module, config }) =>
    superviseModule({
      name: module.name,
      program: options.program,
      mark: formatMark(agentId, module.name),
      config: {
        config,
        ...options.host,
        ...(extraPrivacy ? { extraprivacy: true } : {}),
        rundir: options.runFolder,
        statedir: options.stateFolder,
        agentpid: process.pid,
        receipts: true,
      },
      clock,
      log,
      alerts: options.alerts,
      record,
      onEvent: (event) => events.tell(extraPrivacy && event.kind === 'log' ? { ...event, text: masked } : event),
      times,
    }),
  );
  for (const module of supervised) module.onChange(changed.tell);
  let known: readonly string[] = [];
  let isStopping = false;
  const isEnabled = (name: string): boolean => supervised.some((module) => module.name === name);

  return {
    start: async () => {
      for (const leftover of record.leftovers()) signalGroup(leftover.pid, 'SIGKILL');
      const left = await sweep(formatMark(agentId, ''));
      if (left > 0) log.error('processes of persistent modules of an earlier life cannot be ended', { count: left });
      known = await (options.readKnown ?? readPersistentNames)();
      if (isStopping) return;
      for (const module of supervised) module.send({ kind: 'start' });
      changed.tell();
    },
    states: () => [
      ...supervised.map((module) => module.state()),
      ...known.filter((name) => !isEnabled(name)).map((name) => ({ name, phase: 'disabled' as const, restarts: 0 })),
    ],
    socketOf: (name) => supervised.find((module) => module.name === name)?.socket(),
    onChange: changed.add,
    onEvent: events.add,
    restart: async (name, { timeoutMs }) => {
      const module = supervised.find((one) => one.name === name);
      if (!module)
        return refused(
          known.includes(name) ? `module ${name} is not enabled` : `module ${name} is not persistent here`,
        );
      if (isStopping) return refused('the agent is stopping');
      return restartModule(module, timeoutMs, clock);
    },
    stop: async (stopTimes) => {
      isStopping = true;
      return Promise.all(
        supervised.map((module) =>
          stopModule(
            module,
            () => module.send({ kind: 'stop', times: stopTimes }),
            stopTimes.prepareMs + stopTimes.stopMs + endMarginMs,
          ),
        ),
      );
    },
  };
}

function refused(reason: string): ModuleRestart {
  return { success: false, oldPid: undefined, newPid: undefined, durationMs: 0, forced: false, reason };
}

async function restartModule(module: SupervisedModule, timeoutMs: number, clock: Clock): Promise<ModuleRestart> {
  const startedMs = clock.monotonicMs();
  const oldPid = module.state().pid;
  let forced = false;
  const forget = module.onStopped((how) => (forced = how.isForced));
  const limitMs = timeoutMs + endMarginMs + healthyWithinMs;
  const reason = await until<{ readonly failure: string | undefined }>(
    module,
    limitMs,
    () => {
      const { phase, pid, lastFailure } = module.state();
      if (phase === 'healthy' && pid !== undefined && pid !== oldPid) return { failure: undefined };
      if (phase === 'waiting') return { failure: lastFailure?.reason ?? 'it ended' };
      if (phase === 'stopped') return { failure: 'it was stopped' };
      return undefined;
    },
    () =>
      module.send({
        kind: 'restart',
        times: { prepareMs: Math.min(prepareMs, timeoutMs / 2), stopMs: timeoutMs, isTotal: true },
      }),
  );
  forget();
  const failure = reason === undefined ? `it is not healthy after ${limitMs / 1000} s` : reason.failure;
  return {
    success: failure === undefined,
    oldPid,
    newPid: failure === undefined ? module.state().pid : undefined,
    durationMs: clock.monotonicMs() - startedMs,
    forced,
    reason: failure,
  };
}

async function stopModule(module: SupervisedModule, ask: () => void, limitMs: number): Promise<ModuleStop> {
  let how: StoppedHow = { isForced: false, isUnprepared: false };
  const forget = module.onStopped((told) => (how = told));
  const isStopped = await until(module, limitMs, () => module.state().phase === 'stopped' || undefined, ask);
  forget();
  return { module: module.name, forced: how.isForced || isStopped === undefined, unprepared: how.isUnprepared };
}

/** Asks, then looks at every change until there is an answer; undefined when there is none within the limit. */
function until<Value>(
  module: SupervisedModule,
  limitMs: number,
  look: () => Value | undefined,
  ask: () => void,
): Promise<Value | undefined> {
  return new Promise((resolve) => {
    const end = (value: Value | undefined): void => {
      clearTimeout(timer);
      forget();
      resolve(value);
    };
    const check = (): void => {
      const value = look();
      if (value !== undefined) end(value);
    };
    const timer = setTimeout(() => end(undefined), limitMs);
    const forget = module.onChange(check);
    ask();
    check();
  });
}

async function readPersistentNames(): Promise<readonly string[]> {
  const cards = await Promise.all(moduleNames.map(loadModule));
  return cards.flatMap((card) => (card?.persistent ? [card.name] : []));
}
