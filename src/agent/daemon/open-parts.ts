import { join } from 'node:path';
import { messageOf } from '../../base/app-error.ts';
import type { Clock } from '../../base/clock.ts';
import { createListeners } from '../../base/listeners.ts';
import type { Log } from '../../base/log.ts';
import type { AgentInfo } from '../../protocol/agent-info.ts';
import type { AgentProgram } from '../agent-program.ts';
import type { AgentConfig } from '../config/agent-config.ts';
import { readAgentIdentity, readMachineId } from '../config/identity.ts';
import type { AlertSpool } from '../persistent/alert-spool.ts';
import { createPersistentModules } from '../persistent/create-persistent-modules.ts';
import { openAlertSpool } from '../persistent/open-alert-spool.ts';
import type { PersistentModules } from '../persistent/persistent-modules.ts';
import { type AgentNames, readAgentInfo } from '../read-agent-info.ts';

/** What a daemon keeps beside its actions: who it is, its alerts, its persistent modules. */
export interface DaemonParts {
  /** The agent's row as it is now. */
  readonly info: () => AgentInfo;
  /** Told when the row has changed. */
  readonly onInfo: (listener: () => void) => () => void;
  readonly alerts: AlertSpool;
  readonly modules: PersistentModules;
  readonly close: () => void;
}

/** How often the host's side of the row, such as its addresses, is looked at: MIG's agents did it every five minutes. */
const environmentMs = 60_000;

export function openParts(options: {
  readonly config: AgentConfig;
  readonly log: Log;
  readonly clock: Clock;
  readonly program: AgentProgram;
  readonly startedMs: number;
}): DaemonParts {
  const { config, log, clock, program, startedMs } = options;
  const { stateFolder, runFolder, name, tags } = config;
  const id = readId(stateFolder, log, clock);
  const names: AgentNames = { id, name, tags };
  const row = (): AgentInfo => readAgentInfo('daemon', startedMs, names);
  const first = row();
  const alerts = openAlertSpool({ path: join(stateFolder, 'alerts.db'), clock, log });
  const modules = createPersistentModules({
    program,
    modules: config.persistent,
    runFolder,
    stateFolder,
    agentId: first.id,
    host: { hostname: first.name, environment: first.environment, tags },
    extraPrivacy: config.extraPrivacy,
    clock,
    log,
    alerts,
  });
  const changed = createListeners<[]>();
  modules.onChange(changed.tell);
  // Who is told compares: a row that is the same is not told again.
  const look = setInterval(changed.tell, environmentMs).unref();
  return {
    info: () => ({ ...row(), persistent: [...modules.states()] }),
    onInfo: changed.add,
    alerts,
    modules,
    close: () => {
      clearInterval(look);
      alerts.close();
    },
  };
}

/** Undefined where it can be neither read nor made, as on a full disk: the agent goes on, called by its account and host. */
function readId(stateFolder: string, log: Log, clock: Clock): string | undefined {
  try {
    return readAgentIdentity({ stateFolder, log, nowMs: clock.nowMs, machineId: readMachineId() }).id;
  } catch (error) {
    log.error('this agent has no identity of its own until a start that can write it', { reason: messageOf(error) });
    return undefined;
  }
}
