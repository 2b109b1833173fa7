import { messageOf } from '../../base/app-error.ts';
import { version } from '../../base/version.ts';
import { openAgentLog } from '../config/open-agent-log.ts';
import { collectGarbage } from '../serve-own.ts';
import { socketPathOf } from './run-folder.ts';
import { startDaemon, type StartDaemonOptions } from './start-daemon.ts';

const settledMs = 5000;
/** An end that takes longer than this is none: what is left is left. */
const longestStopMs = 120_000;

/**
 * Runs as the agent of this host until TERM, INT or a shutdown that is asked for, and ends the process then: status 0, or 70 after a defect. A second
 * TERM hurries the end. HUP opens the log's file again. Throws AgentError where it cannot start.
 */
export async function runDaemon({
  config,
  readConfig,
}: Pick<StartDaemonOptions, 'config' | 'readConfig'>): Promise<void> {
  const log = openAgentLog(config.log, { nowMs: Date.now });
  const hurry = new AbortController();
  const stopping = Promise.withResolvers<string>();
  let isStopping = false;
  const stop = (why: string): void => {
    if (isStopping) hurry.abort();
    isStopping = true;
    stopping.resolve(why);
  };
  const crash = (error: unknown): void => {
    log.error('a defect ended the agent: please report it', {
      reason: messageOf(error),
      stack: error instanceof Error ? error.stack : undefined,
    });
    process.exit(70);
  };
  process.on('uncaughtException', crash).on('unhandledRejection', crash);
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => stop(signal));
  process.on('SIGHUP', () => {
    log.reopen();
    log.info('log opened again');
  });

  log.info('agent starting', { version, pid: process.pid, config: config.path, run: config.runFolder });
  const daemon = await startDaemon({
    config,
    readConfig,
    log,
    onShutdown: (requester) => stop(`shutdown, asked for by ${requester}`),
  });
  log.info('agent ready', { socket: socketPathOf(config.runFolder), id: daemon.info().id });

  // A start needs more than a life: what it took is given back to the host once it is over. The launcher allows the call.
  setTimeout(collectGarbage, settledMs).unref();
  const why = await stopping.promise;
  log.info('agent stopping', { why });
  setTimeout(() => process.exit(70), longestStopMs).unref();
  await daemon.stop(hurry.signal);
  log.info('agent stopped');
  process.exit(0);
}
