/**
 * A small agent around the desk of restarts, for tests of it: `node restart-agent.ts FOLDER`. It has the agent's lock and control socket, one real process
 * for a module, and dies where it is told to. FOLDER/plan.json is read at each start, so that words and environment stay the same across a restart.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { hostClock } from '../../src/base/host-clock.ts';
import { createListeners } from '../../src/base/listeners.ts';
import { createLog } from '../../src/base/log.ts';
import type { PersistentState } from '../../src/protocol/agent-info.ts';
import { readAgentProgram } from '../../src/agent/agent-program.ts';
import { answerRequest } from '../../src/agent/daemon/answer-request.ts';
import { openControlSocket } from '../../src/agent/daemon/control-socket.ts';
import { takeInstanceLock } from '../../src/agent/daemon/instance-lock.ts';
import type { PersistentModules } from '../../src/agent/persistent/persistent-modules.ts';
import type { RunFacts } from '../../src/agent/restart/choose-method.ts';
import { openRestartDesk } from '../../src/agent/restart/open-restart-desk.ts';
import { defaultRestartLimits } from '../../src/agent/restart/restart-limits.ts';
import { openRestartRecords } from '../../src/agent/restart/restart-records.ts';
import { runRestartHelper } from '../../src/agent/restart/run-restart-helper.ts';

export interface Plan {
  /** Dies by KILL when a restart reaches this state, once. */
  readonly dieAt?: string;
  /** Gets a TERM that is not the helper's when a restart reaches this state, or is asked on its socket to end. */
  readonly termAt?: string;
  readonly shutdownAt?: string;
  /** The helper dies by KILL at this moment. */
  readonly helperDiesAt?: 'term' | 'gone';
  /** What would keep it from starting again. */
  readonly obstacle?: string;
  /** Does not react to TERM. */
  readonly ignoresTerm?: boolean;
  /** The module does not become healthy again, in words. */
  readonly unhealthy?: string;
  /** The module's shell command, instead of one that only waits. */
  readonly command?: string;
  readonly maxInWindow?: number;
  /** Facts of a systemd that is not there. */
  readonly facts?: Partial<Omit<RunFacts, 'readMainPid'>> & { readonly isMain?: boolean };
  readonly limits?: Partial<typeof defaultRestartLimits>;
}

if (process.argv.includes('--restart-helper')) await help();
else await serve(process.argv[2] ?? '.');

async function serve(folder: string): Promise<void> {
  const plan = readPlan(folder);
  const logPath = join(folder, 'log');
  const log = createLog((line) => appendFileSync(logPath, line), Date.now);
  await takeInstanceLock(join(folder, 'agent.lock'), { clock: hostClock, waitMs: 5000 });
  const recordsPath = join(folder, 'restarts.db');
  const records = openRestartRecords({ path: recordsPath, clock: hostClock, log, busyTimeoutMs: 200 });
  const modules = createModules(plan);
  const desk = openRestartDesk({
    program: readAgentProgram(),
    records,
    recordsPath,
    modules,
    linksOpen: () => 0,
    onLink: () => () => {},
    kept: () => [],
    config: { maxInWindow: plan.maxInWindow ?? 100, windowMs: 600_000 },
    log,
    logPath,
    limits: { ...defaultRestartLimits, confirmMs: 1000, ...plan.limits },
    ...(plan.facts && { readFacts: () => planFacts(plan) }),
    onStored: ({ state }) => {
      if (state === plan.dieAt) dieOnce(folder, state);
      if (state === plan.termAt) process.kill(process.pid, 'SIGTERM');
      if (state === plan.shutdownAt) setImmediate(shutDown, 'bob');
    },
    findObstacle: async () => readPlan(folder).obstacle,
  });
  let isStopping = false;
  const stop = async (): Promise<void> => {
    if (isStopping) return;
    isStopping = true;
    desk.recordStops(await modules.stop(desk.stopLimits() ?? { prepareMs: 0, stopMs: 1000 }));
    process.exit(0);
  };
  const shutDown = (requester: string): void => {
    desk.callOff(requester);
    void stop();
  };
  const started = hostClock.nowMs();
  await openControlSocket({
    path: join(folder, 'agent.sock'),
    allowedUids: [],
    log,
    onLink: async () => {},
    onRequest: (request, caller) =>
      answerRequest(request, caller, {
        clock: hostClock,
        desk,
        shutDown,
        status: () => ({
          type: 'status',
          agent: {
            id: 'test',
            name: 'test',
            version: '0',
            pid: process.pid,
            mode: 'daemon',
            starttime: new Date(started).toISOString(),
            environment: {
              os: 'linux',
              arch: process.arch,
              ident: '',
              init: '',
              isproxied: false,
              addresses: [],
              modules: [],
              user: '',
            },
            tags: {},
            persistent: [...modules.states()],
          },
          uptimeMs: 0,
          runFolder: folder,
          stateFolder: folder,
          running: 0,
          links: 0,
          isRestarting: desk.isRunning(),
        }),
      }),
  });
  process.on('SIGTERM', () => {
    if (!plan.ignoresTerm) void stop();
  });
  await modules.start();
  // The helper notes this state, and the agent that it starts may die before it has looked.
  if (plan.dieAt === 'starting' && records.unfinished().length > 0) dieOnce(folder, 'starting');
  desk.resume();
  log.info('started', { pid: process.pid });
}

function readPlan(folder: string): Plan {
  return JSON.parse(readFileSync(join(folder, 'plan.json'), 'utf8')) as Plan;
}

/** As the helper, which runs in the agent's folder where there is one. */
async function help(): Promise<void> {
  await runRestartHelper({
    onMoment: (moment) => {
      if (existsSync('plan.json') && readPlan('.').helperDiesAt === moment) process.kill(process.pid, 'SIGKILL');
    },
  });
}

function dieOnce(folder: string, state: string): void {
  if (existsSync(join(folder, 'died'))) return;
  writeFileSync(join(folder, 'died'), state);
  process.kill(process.pid, 'SIGKILL');
}

function planFacts({ facts = {} }: Plan): RunFacts {
  const { isMain, ...given } = facts;
  return {
    ownPid: process.pid,
    isSystemdBooted: true,
    systemdExecPid: isMain ? String(process.pid) : '1',
    cgroup: '0::/system.slice/gumshoe-test.service\n',
    readMainPid: async () => undefined,
    ...given,
  };
}

/** One module, a process that leads its own group and ends with TERM. */
function createModules(plan: Plan): PersistentModules {
  const changed = createListeners<[]>();
  let child: ChildProcess | undefined;
  let restarts = 0;
  const states = (): readonly PersistentState[] => [
    {
      name: 'examplepersist',
      phase: child && plan.unhealthy === undefined ? 'healthy' : 'waiting',
      ...(child?.pid === undefined ? {} : { pid: child.pid }),
      restarts,
      ...(plan.unhealthy === undefined ? {} : { lastFailure: { at: '', reason: plan.unhealthy } }),
    },
    { name: 'audit', phase: 'disabled', restarts: 0 },
  ];
  const start = (): void => {
    child = spawn('/bin/sh', ['-c', plan.command ?? 'exec sleep 1000'], { stdio: 'ignore', detached: true });
    changed.tell();
  };
  const stop = (): Promise<void> =>
    new Promise((resolve) => {
      if (!child?.pid) return resolve();
      child.once('exit', () => resolve());
      process.kill(-child.pid, 'SIGTERM');
    });
  return {
    start: async () => start(),
    states,
    socketOf: () => undefined,
    onChange: changed.add,
    onEvent: () => () => {},
    restart: async () => {
      const oldPid = child?.pid;
      await stop();
      start();
      restarts++;
      const success = plan.unhealthy === undefined;
      return { success, oldPid, newPid: child?.pid, durationMs: 1, forced: false, reason: plan.unhealthy };
    },
    stop: async () => {
      await stop();
      return [{ module: 'examplepersist', forced: false, unprepared: false }];
    },
  };
}
