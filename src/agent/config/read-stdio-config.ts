import { existsSync } from 'node:fs';
import { homedir, hostname } from 'node:os';
import { isAbsolute } from 'node:path';
import { defaultLimits } from '../limits.ts';
import type { AgentConfig } from './agent-config.ts';
import { readDefaultFolders } from './default-config.ts';

/** What an agent has to know that serves one console: nothing of persistent modules, restarts and the log. */
export type StdioConfig = Pick<AgentConfig, 'path' | 'runFolder' | 'name' | 'tags' | 'extraPrivacy' | 'limits'>;

/**
 * The configuration for `--stdio`. Without a file the defaults are told without loading what reads one, which takes longer than the rest of the start.
 * Throws ConfigError as readAgentConfig does.
 */
export async function readStdioConfig(options: {
  readonly path: string | undefined;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly uid: number;
}): Promise<StdioConfig> {
  const { path, environment, uid } = options;
  const home = environment['HOME'] ?? '';
  const folders = readDefaultFolders({ uid, home: isAbsolute(home) ? home : homedir(), environment });
  if (path === undefined && !folders.isNamed && !(folders.configPath !== undefined && existsSync(folders.configPath))) {
    const runFolder = folders.runFor(folders.state.value).value;
    return { path: undefined, runFolder, name: hostname(), tags: {}, extraPrivacy: false, limits: defaultLimits };
  }
  const { readAgentConfig } = await import('./read-agent-config.ts');
  return readAgentConfig({ ...options, withSockets: false });
}
