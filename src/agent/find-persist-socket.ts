import { loadModule } from '../../modules/load.ts';
import type { PersistentModules } from './persistent/persistent-modules.ts';

/** How long a query waits for a persistent module that starts. */
const startWaitMs = 5000;

/**
 * Where a persistent module is asked, or why it cannot be. Undefined for a module that is not persistent, and where no agent keeps persistent modules:
 * the module's own run says then what it lacks. A module that was just started is waited for, so that the question after a crash is answered, too.
 */
export async function findPersistSocket(
  module: string,
  options: {
    readonly persistent?: Pick<PersistentModules, 'socketOf' | 'states' | 'onChange'>;
    /** Why this agent, which keeps none, serves in the stead of a daemon that is there. */
    readonly daemonUnused?: string | undefined;
    readonly signal: AbortSignal;
    readonly waitMs?: number;
  },
): Promise<string | undefined | { readonly reason: string }> {
  const { persistent, daemonUnused, signal } = options;
  const find = () => persistent?.states().find(({ name }) => name === module);
  if (!persistent && daemonUnused !== undefined && (await loadModule(module))?.persistent) {
    return {
      reason: `${module}: ${daemonUnused}; so this console has an agent of its own, which keeps no persistent modules`,
    };
  }
  if (!persistent || !find()) return undefined;
  const isStarting = (): boolean => {
    const phase = find()?.phase;
    return (
      persistent.socketOf(module) === undefined && (phase === 'starting' || phase === 'waiting' || phase === 'stopping')
    );
  };
  if (isStarting()) await waitWhile(isStarting, persistent.onChange, signal, options.waitMs ?? startWaitMs);
  const socket = persistent.socketOf(module);
  if (socket !== undefined) return socket;
  const state = find();
  if (state?.phase === 'disabled') {
    return {
      reason: `${module}: it is not enabled on this agent: write "persistent: { ${module}: { enabled: true } }" into the agent's configuration and restart the agent`,
    };
  }
  const failure = state?.lastFailure;
  const last = failure ? `: ${failure.reason} (${failure.at})` : '';
  return { reason: `${module}: it does not answer now, the agent says of it: ${state?.phase ?? 'unknown'}${last}` };
}

function waitWhile(
  holds: () => boolean,
  onChange: (listener: () => void) => () => void,
  signal: AbortSignal,
  waitMs: number,
): Promise<void> {
  return new Promise((resolve) => {
    const finish = (): void => {
      clearTimeout(limit);
      unsubscribe();
      signal.removeEventListener('abort', finish);
      resolve();
    };
    const limit = setTimeout(finish, waitMs);
    const unsubscribe = onChange(() => {
      if (!holds()) finish();
    });
    signal.addEventListener('abort', finish, { once: true });
    if (signal.aborted) finish();
  });
}
