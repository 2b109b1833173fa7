import { join } from 'node:path';
import { ConfigError } from '../../base/app-error.ts';
import type { AgentConfig } from './agent-config.ts';

/** sockaddr_un has 108 bytes for the path and its end (unix(7)). */
const maxSocketPathBytes = 107;

/** Throws ConfigError SOCKET_PATH_TOO_LONG when the agent's socket, or one of its modules', could not be made in the run folder. */
export function checkSocketPaths({ runFolder, persistent }: AgentConfig): void {
  const names = ['agent.sock', ...persistent.map(({ module }) => `persist-${module.name}.sock`)];
  const paths = names.map((name) => join(runFolder, name));
  const longest = paths.reduce((one, other) => (Buffer.byteLength(other) > Buffer.byteLength(one) ? other : one));
  const bytes = Buffer.byteLength(longest);
  if (bytes <= maxSocketPathBytes) return;
  throw new ConfigError(
    'SOCKET_PATH_TOO_LONG',
    `${longest}: expected at most ${maxSocketPathBytes} bytes for the path of a socket, got ${bytes}`,
  );
}
