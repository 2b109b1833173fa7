import type { Log } from '../../base/log.ts';
import type { ActionTable } from '../action-table.ts';
import type { PersistentModules } from '../persistent/persistent-modules.ts';
import type { RestartDesk } from '../restart/restart-desk.ts';
import type { ControlSocket } from './control-socket.ts';
import type { Links } from './create-links.ts';

export interface StopDaemonOptions {
  readonly socket: ControlSocket;
  readonly links: Links;
  readonly table: ActionTable;
  readonly modules: PersistentModules;
  readonly desk: Pick<RestartDesk, 'stopLimits' | 'recordStops'>;
  readonly log: Log;
  /** Aborted to wait no longer than must be. */
  readonly hurry: AbortSignal;
}

/** How long each step may last: operations have their own limits below that, modules are given theirs, consoles read what is left for them. */
const actionsMs = 5000;
const moduleLimits = { prepareMs: 5000, stopMs: 5000 };
const hurriedModuleLimits = { prepareMs: 100, stopMs: 500 };

/**
 * The orderly end of a daemon: nobody new, actions cancelled while modules save and stop, what they reported told, links closed. Each step in bounded time;
 * never rejects.
 */
export async function stopDaemon(options: StopDaemonOptions): Promise<void> {
  const { socket, links, table, modules, desk, hurry } = options;
  // Asked first: from now on the desk takes no new restart.
  const limits = desk.stopLimits() ?? (hurry.aborted ? hurriedModuleLimits : moduleLimits);
  socket.stopAccepting();
  const [, stops] = await Promise.all([within(table.stop(), actionsMs, hurry), modules.stop(limits)]);
  desk.recordStops(stops);
  links.end();
  await socket.close();
}

async function within(work: Promise<void>, limitMs: number, hurry: AbortSignal): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const limit = setTimeout(resolve, limitMs);
  const stop = (): void => resolve();
  hurry.addEventListener('abort', stop, { once: true });
  if (hurry.aborted) resolve();
  await Promise.race([work, promise]);
  clearTimeout(limit);
  hurry.removeEventListener('abort', stop);
}
