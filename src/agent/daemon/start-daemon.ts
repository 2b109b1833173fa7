/**
 * The agent as a daemon, from its parts. Each part is opened after those it needs and closed before them:
 *
 *   folders -> locks -> alerts -> persistent modules -> restarts -> actions -> socket
 *
 * Whatever keeps one from opening closes those that are open, and is thrown.
 */
import { join } from 'node:path';
import { messageOf } from '../../base/app-error.ts';
import { hostClock } from '../../base/host-clock.ts';
import type { Log } from '../../base/log.ts';
import type { AgentInfo } from '../../protocol/agent-info.ts';
import { readAgentProgram } from '../agent-program.ts';
import { createColdSupply, createWarmSupply } from '../child-supply.ts';
import type { AgentConfig } from '../config/agent-config.ts';
import { createActionTable } from '../create-action-table.ts';
import { createOperationQueue } from '../operation-queue.ts';
import { findStartObstacle } from '../restart/find-start-obstacle.ts';
import { openRestartDesk } from '../restart/open-restart-desk.ts';
import { openRestartRecords } from '../restart/restart-records.ts';
import { collectGarbage } from '../serve-own.ts';
import { answerRequest } from './answer-request.ts';
import { openControlSocket } from './control-socket.ts';
import { createLinks } from './create-links.ts';
import { openParts } from './open-parts.ts';
import { openOwnFolder, socketPathOf } from './run-folder.ts';
import { stopDaemon } from './stop-daemon.ts';
import { takeLocks } from './take-locks.ts';
import { createSupplyOnDemand } from './supply-on-demand.ts';

export interface Daemon {
  readonly info: () => AgentInfo;
  /** The orderly end. `hurry` shortens every wait that is left. Never rejects. */
  readonly stop: (hurry: AbortSignal) => Promise<void>;
}

export interface StartDaemonOptions {
  readonly config: AgentConfig;
  /** The configuration as a start from now on would find it. Throws what is wrong with it. */
  readonly readConfig: () => Promise<Pick<AgentConfig, 'runFolder' | 'stateFolder'>>;
  readonly log: Log;
  /** Asked for through the socket. */
  readonly onShutdown: (requester: string) => void;
}

/** An action goes on for so long without a console. */
const orphanMs = 60_000;
/** How long the successor of an agent that is restarted waits for its end. */
const successorWaitMs = 5000;

export async function startDaemon({ config, readConfig, log, onShutdown }: StartDaemonOptions): Promise<Daemon> {
  const clock = hostClock;
  const startedMs = clock.nowMs();
  const program = readAgentProgram();
  const isShared = config.allowedUids.length > 0;
  const socketPath = socketPathOf(config.runFolder);
  const recordsPath = join(config.stateFolder, 'restarts.db');
  openOwnFolder(config.runFolder, isShared ? 0o711 : 0o700);
  openStateFolder(config.stateFolder, log);
  // Closed the other way round: by the end, and by whatever keeps a part from opening.
  using opened = new DisposableStack();
  const records = opened.adopt(openRestartRecords({ path: recordsPath, clock, log }), (open) => open.close());
  const successor = isSuccessor(() => records.unfinished());
  const lock = await takeLocks(config, {
    clock,
    log,
    waitMs: successor ? successorWaitMs : 0,
  });
  opened.defer(lock.release);
  const parts = openParts({ config, log, clock, program, startedMs });
  opened.defer(parts.close);
  const { modules, alerts, info } = parts;
  const { limits, extraPrivacy } = config;
  const supply = createSupplyOnDemand({
    createWarm: () => createWarmSupply({ program, limits, extraPrivacy }),
    cold: createColdSupply({ program, extraPrivacy }),
  });
  opened.defer(supply.close);
  let rest: NodeJS.Timeout | undefined;
  const onRest = (): void => {
    clearTimeout(rest);
    rest = setTimeout(collectGarbage, 1000).unref();
  };
  const desk = openRestartDesk({
    program,
    records,
    recordsPath,
    modules,
    linksOpen: () => links.open(),
    onLink: (listener) => links.onOpen(listener),
    kept: (ref) => table.kept(ref),
    config: config.restart,
    log,
    logPath: config.log.file,
    onRest,
    findObstacle: () =>
      findStartObstacle({ folders: config, readConfig, executable: program.command, script: process.argv[1] }),
  });
  opened.defer(desk.close);
  const table = createActionTable({
    info,
    supply,
    limits,
    queue: createOperationQueue(limits.parallelOperations),
    clock,
    log,
    persistent: modules,
    restart: desk,
    orphanMs,
    onRest,
  });
  const links = createLinks(
    { info, onInfo: parts.onInfo, table, persistent: modules, alerts, log },
    { onCount: (open) => supply.keepReady(open > 0) },
  );
  const status = () => ({
    type: 'status' as const,
    agent: info(),
    uptimeMs: clock.nowMs() - startedMs,
    runFolder: config.runFolder,
    stateFolder: config.stateFolder,
    ...(config.path === undefined ? {} : { config: config.path }),
    ...(config.log.file === undefined ? {} : { log: config.log.file }),
    running: table.running(),
    links: links.open(),
    isRestarting: desk.isRunning(),
  });
  const shutDown = (requester: string): void => {
    desk.callOff(requester);
    onShutdown(requester);
  };
  const socket = await openControlSocket({
    path: socketPath,
    allowedUids: config.allowedUids,
    log,
    onLink: links.serve,
    onRequest: (request, caller) => answerRequest(request, caller, { clock: hostClock, status, desk, shutDown }),
  });
  for (const begun of desk.resume()) table.adopt(begun.ref, begun);
  void modules.start();
  const all = opened.move();
  return {
    info,
    stop: async (hurry) => {
      await stopDaemon({ socket, links, table, modules, desk, log, hurry });
      all.dispose();
    },
  };
}

function isSuccessor(unfinished: () => readonly { readonly module?: string | undefined }[]): boolean {
  try {
    return unfinished().some(({ module }) => module === undefined);
  } catch {
    // Records that cannot be read are the desk's to report.
    return false;
  }
}

const noRoom = new Set(['ENOSPC', 'EDQUOT', 'EROFS']);

/** Where there is no room for it the agent goes on without what it would keep there. */
function openStateFolder(path: string, log: Log): void {
  try {
    openOwnFolder(path);
  } catch (error) {
    const { code } = ((error as Error).cause ?? {}) as { readonly code?: unknown };
    if (typeof code !== 'string' || !noRoom.has(code)) throw error;
    log.error('nothing can be kept: alerts and restarts are lost when the agent ends', { reason: messageOf(error) });
  }
}
