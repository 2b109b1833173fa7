import { nearest } from '../../base/nearest.ts';
import { maxRestartTimeoutMs } from '../../protocol/restart-outcome.ts';
import { findModuleName, moduleNames } from '../../../modules/load.ts';
import type { PersistentState } from '../../protocol/agent-info.ts';
import type { RestartConfig } from '../config/agent-config.ts';
import type { RestartRequest } from './restart-desk.ts';
import type { RestartRecord } from './restart-record.ts';

/** What is wrong with a request whatever else goes on; undefined when nothing is. */
export function checkRequest(
  { module, timeoutMs }: Pick<RestartRequest, 'module' | 'timeoutMs'>,
  states: readonly PersistentState[],
): string | undefined {
  if (!(timeoutMs >= 1000 && timeoutMs <= maxRestartTimeoutMs))
    return `timeout: expected 1 to ${maxRestartTimeoutMs / 1000} seconds, got ${timeoutMs / 1000}`;
  if (module === undefined) return undefined;
  const state = states.find(({ name }) => name === module.toLowerCase());
  if (state)
    return state.phase === 'disabled' ? `${state.name} is not enabled in the agent's configuration` : undefined;
  if (findModuleName(module) !== undefined)
    return `${module.toLowerCase()} is not a persistent module: nothing of it runs between queries`;
  const near = nearest(module, [...states.map(({ name }) => name), ...moduleNames]);
  return `module ${JSON.stringify(module)} is not available${near === undefined ? '' : `: did you mean ${near}?`}`;
}

/** Why another restart of the same thing would be too many; undefined when it is not. */
export function checkRate(
  module: string | undefined,
  recent: readonly RestartRecord[],
  { maxInWindow, windowMs }: RestartConfig,
): string | undefined {
  const same = recent.filter((record) => record.module === module).length;
  if (same < maxInWindow) return undefined;
  return `${module ?? 'the agent'} was restarted ${same} times in the last ${windowMs / 60_000} minutes, ${maxInWindow} are allowed`;
}
