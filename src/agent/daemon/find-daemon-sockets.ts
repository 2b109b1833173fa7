import type { AgentConfig } from '../config/agent-config.ts';
import { socketPathOf } from './run-folder.ts';

/** Where root's agent listens unless it is told otherwise: it may let other accounts in. */
const hostRunFolder = '/run/gumshoe';

/** Where a daemon of this host may be that this account can talk to: its own, and root's, unless a folder was named. */
export function findDaemonSockets(
  { runFolder, path }: Pick<AgentConfig, 'runFolder' | 'path'>,
  environment: NodeJS.ProcessEnv = process.env,
): readonly string[] {
  const isNamed = path !== undefined || (environment['GUMSHOE_RUN'] ?? '') !== '';
  const folders = isNamed || runFolder === hostRunFolder ? [runFolder] : [runFolder, hostRunFolder];
  return folders.map(socketPathOf);
}
