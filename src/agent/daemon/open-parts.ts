import type { Clock } from '../../base/clock.ts';
import { createListeners } from '../../base/listeners.ts';
import type { Log } from '../../base/log.ts';
import type { AgentInfo } from '../../protocol/agent-info.ts';
import type { AgentProgram } from '../agent-program.ts';
import type { AgentConfig } from '../config/agent-config.ts';
import type { AlertSpool } from '../persistent/alert-spool.ts';
import type { PersistentModules } from '../persistent/persistent-modules.ts';
import { readAgentInfo } from '../read-agent-info.ts';

/** What a daemon keeps beside its actions: who it is, its alerts, its persistent modules. */
export interface DaemonParts {
  readonly info: () => AgentInfo;
  readonly onInfo: (listener: () => void) => () => void;
  readonly alerts: AlertSpool | undefined;
  readonly modules: PersistentModules;
  readonly close: () => void;
}

export async function openParts(options: {
  readonly config: AgentConfig;
  readonly log: Log;
  readonly clock: Clock;
  readonly program: AgentProgram;
  readonly startedMs: number;
}): Promise<DaemonParts> {
  const { config, startedMs } = options;
  const changed = createListeners<[]>();
  const modules: PersistentModules = {
    start: async () => {},
    states: () => [],
    socketOf: () => undefined,
    onChange: () => () => {},
    onEvent: () => () => {},
    restart: async () => ({
      success: false,
      oldPid: undefined,
      newPid: undefined,
      durationMs: 0,
      forced: false,
      reason: 'no such module',
    }),
    stop: async () => [],
  };
  modules.onChange(changed.tell);
  return {
    info: () => {
      const row = readAgentInfo('daemon', startedMs);
      return { ...row, name: config.name, tags: config.tags, persistent: [...modules.states()] };
    },
    onInfo: changed.add,
    alerts: undefined,
    modules,
    close: () => {},
  };
}
