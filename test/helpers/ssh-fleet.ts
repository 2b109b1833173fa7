import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { createSshCommand, createSshKeys, findFreePort, startSshd, writeExecutable, type Sshd } from './sshd.ts';
import { createTemporaryFolder } from './temporary-folder.ts';

/** Hosts of ssh on the loopback, with gumshoe-agent on their PATH, and the environment of a console that reaches them. */
export interface SshFleet extends AsyncDisposable {
  readonly folder: string;
  readonly sshd: ReadonlyMap<string, Sshd>;
  readonly environment: Readonly<Record<string, string>>;
}

/** What stands in the PATH of a host: the agent of this project. */
export const agentLauncher = `#!/bin/sh\nexec ${resolve(import.meta.dirname, '../../bin/gumshoe-agent')} "$@"\n`;

/** Agents of the hosts find no daemon of this machine. */
export const noDaemon = ['GUMSHOE_RUN=/nonexistent/gumshoe-run', 'GUMSHOE_AGENT_CONFIG=none'];

export async function startSshFleet(
  names: readonly string[],
  options: { readonly agent?: string; readonly environment?: readonly string[] } = {},
): Promise<SshFleet> {
  const temporary = createTemporaryFolder();
  const folder = temporary.path;
  const keys = createSshKeys(folder);
  writeExecutable(join(folder, 'remote', 'gumshoe-agent'), options.agent ?? agentLauncher);
  const sshd = new Map<string, Sshd>();
  const hosts = [];
  for (const name of names) {
    const host = { name, address: '127.0.0.1', port: await findFreePort() };
    hosts.push(host);
    const path = `${join(folder, 'remote')}:/usr/local/bin:/usr/bin:/bin`;
    sshd.set(name, await startSshd(keys, host, { path, environment: options.environment ?? noDaemon }));
  }
  const bin = createSshCommand(keys, hosts);
  const home = join(folder, 'home');
  mkdirSync(home);
  return {
    folder,
    sshd,
    environment: { PATH: `${bin}:${process.env['PATH'] ?? ''}`, GUMSHOE_HOME: home },
    [Symbol.asyncDispose]: async () => {
      for (const one of sshd.values()) await one.close();
      temporary[Symbol.dispose]();
    },
  };
}
