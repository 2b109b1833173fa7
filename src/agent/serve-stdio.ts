import { statSync } from 'node:fs';
import type { StdioConfig } from './config/read-stdio-config.ts';
import { findDaemonSockets } from './daemon/find-daemon-sockets.ts';

export interface ServeStdioOptions {
  readonly extraPrivacy: boolean;
  readonly config: StdioConfig;
  /** Who serves: a daemon that may be talked to and otherwise this process, a daemon or nobody, this process alone. */
  readonly through: 'any' | 'daemon' | 'own';
}

/**
 * `--stdio`: one console on standard input and output, until it is gone. TERM, INT and HUP end the agent as the end of its input does: operations are
 * cancelled first. Throws AgentError AGENT_ABSENT where a daemon is insisted on and none is there.
 */
export async function serveStdio({ extraPrivacy, config, through }: ServeStdioOptions): Promise<void> {
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.once(signal, () => process.stdin.destroy());
  let daemonUnused: string | undefined;
  // Where there is no socket, what speaks to one is not even loaded.
  if (through === 'daemon' || (through === 'any' && findDaemonSockets(config).some(mayBeThere))) {
    const { relayToDaemon } = await import('./daemon/relay-to-daemon.ts');
    const relayed = await relayToDaemon({ config, extraPrivacy, insists: through === 'daemon' });
    if (relayed.isOver) return;
    ({ daemonUnused } = relayed);
  }
  const { serveOwn } = await import('./serve-own.ts');
  await serveOwn({
    input: process.stdin,
    output: process.stdout,
    limits: config.limits,
    extraPrivacy: extraPrivacy || config.extraPrivacy,
    name: config.name,
    tags: config.tags,
    daemonUnused,
  });
  process.exit(0);
}

/** A socket in a folder that this account may not look into may be there, too. */
function mayBeThere(path: string): boolean {
  try {
    return statSync(path).isSocket();
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EACCES';
  }
}
