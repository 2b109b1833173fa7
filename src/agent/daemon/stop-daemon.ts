import { signalGroup } from '../../base/signal-group.ts';
import type { Log } from '../../base/log.ts';
import type { ActionTable } from '../action-table.ts';
import type { ModuleStop, PersistentModules } from '../persistent/persistent-modules.ts';
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
/** What the modules' end takes besides their limits. */
const modulesMarginMs = 10_000;
const hurriedMs = 1000;

/**
 * The orderly end of a daemon: nobody new, actions cancelled while modules save and stop, what they reported told, links closed. Each step in bounded time;
 * never rejects.
 */
export async function stopDaemon(options: StopDaemonOptions): Promise<void> {
  const { socket, links, table, modules, desk, hurry } = options;
  // Asked first: from now on the desk takes no new restart.
  const limits = desk.stopLimits() ?? (hurry.aborted ? hurriedModuleLimits : moduleLimits);
  socket.stopAccepting();
  const [, stops] = await Promise.all([
    within(table.stop(), actionsMs, hurry),
    within(modules.stop(limits), limits.prepareMs + limits.stopMs + modulesMarginMs, hurry),
  ]);
  desk.recordStops(stops ?? killModules(modules));
  links.end();
  await socket.close();
}

/** Modules lead their process groups: what has not ended goes with all that it started. */
function killModules(modules: Pick<PersistentModules, 'states'>): readonly ModuleStop[] {
  return modules
    .states()
    .filter(({ pid }) => signalGroup(pid, 'SIGKILL'))
    .map(({ name }) => ({ module: name, forced: true, unprepared: true }));
}

/** What came of the work; undefined where the limit was reached, or soon after somebody hurries. */
async function within<Value>(work: Promise<Value>, limitMs: number, hurry: AbortSignal): Promise<Value | undefined> {
  const { promise, resolve } = Promise.withResolvers<undefined>();
  const giveUp = (): void => resolve(undefined);
  const timers = [setTimeout(giveUp, limitMs)];
  const hasten = (): void => void timers.push(setTimeout(giveUp, hurriedMs));
  hurry.addEventListener('abort', hasten, { once: true });
  if (hurry.aborted) hasten();
  const value = await Promise.race([work, promise]);
  timers.forEach(clearTimeout);
  hurry.removeEventListener('abort', hasten);
  return value;
}
