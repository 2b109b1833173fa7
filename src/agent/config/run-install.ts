import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { AgentError } from '../../base/app-error.ts';
import { visible } from '../../base/visible.ts';
import { loadModule, moduleNames } from '../../../modules/load.ts';
import type { AgentCommand } from '../parse-command-line.ts';
import { findServices, installAgent, uninstallAgent } from './install-agent.ts';
import { readAgentConfig } from './read-agent-config.ts';

/** `install` and `uninstall`: prints what was done. Throws AppError. */
export async function runInstall(
  command: Extract<AgentCommand, { readonly kind: 'install' | 'uninstall' }>,
  options: {
    readonly uid: number;
    readonly environment: Readonly<Record<string, string | undefined>>;
    readonly configPath: string | undefined;
  },
): Promise<void> {
  const { uid, environment, configPath } = options;
  const { root } = command;
  const call = { uid, root, isImage: root !== undefined, configPath, services: findServices(environment) };
  if (command.kind === 'uninstall') return print(uninstallAgent({ ...call, purge: command.purge }));
  const modules = (await Promise.all(moduleNames.map(loadModule))).filter((module) => module !== undefined);
  // A service that would refuse to start is not installed. It has none of this shell's variables.
  const isNew = configPath !== undefined && !existsSync(configPath);
  if (root === undefined && uid === 0) {
    await readAgentConfig({ path: isNew ? undefined : configPath, environment: {}, uid });
  }
  return print(installAgent({ ...call, program: readLauncher(), modules }));
}

/** The launcher that this program was started by. */
function readLauncher(): string {
  const [, launcher] = process.argv;
  if (launcher === undefined) throw new AgentError('INSTALL_FAILED', 'expected the path of gumshoe-agent, got none');
  return resolve(launcher);
}

function print(lines: readonly string[]): void {
  for (const line of lines) process.stdout.write(`${visible(line)}\n`);
}
