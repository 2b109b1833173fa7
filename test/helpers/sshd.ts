/** A real sshd for one test: own keys, own configuration, on the loopback or inside a network namespace; and the `ssh` that knows the way to it. */
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { userInfo } from 'node:os';
import { dirname, join } from 'node:path';
import { waitFor } from './wait-for.ts';

export interface SshHost {
  /** What ssh calls it. */
  readonly name: string;
  readonly address: string;
  readonly port: number;
}

export interface Sshd extends AsyncDisposable {
  readonly pid: number;
  /** The processes of open connections. */
  readonly sessions: () => readonly number[];
  readonly close: () => Promise<void>;
}

/** The keys of a test, and the folder that its configurations lie in. */
export interface SshKeys {
  readonly folder: string;
}

export function createSshKeys(folder: string): SshKeys {
  for (const name of ['host-key', 'user-key']) {
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', name, '-f', join(folder, name)]);
  }
  execFileSync('cp', [join(folder, 'user-key.pub'), join(folder, 'authorized_keys')]);
  return { folder };
}

/**
 * Starts an sshd at this address. `prefix` stands before its command: to run it in a network namespace. `path` is the PATH of what it starts: where
 * gumshoe-agent is looked for.
 */
export async function startSshd(
  keys: SshKeys,
  host: SshHost,
  options: { readonly path: string; readonly prefix?: readonly string[]; readonly environment?: readonly string[] },
): Promise<Sshd> {
  // As root sshd separates its privileges in a folder that its package's service makes at the start.
  if (process.getuid?.() === 0) mkdirSync('/run/sshd', { recursive: true, mode: 0o755 });
  const file = join(keys.folder, `sshd-${host.name}.conf`);
  const lines = [
    `ListenAddress ${host.address}:${host.port}`,
    `HostKey ${join(keys.folder, 'host-key')}`,
    `AuthorizedKeysFile ${join(keys.folder, 'authorized_keys')}`,
    'PidFile none',
    'UsePAM no',
    'StrictModes no',
    'PasswordAuthentication no',
    'KbdInteractiveAuthentication no',
    'PermitRootLogin prohibit-password',
    'MaxStartups 100',
    `SetEnv PATH=${options.path} ${(options.environment ?? []).join(' ')}`,
  ];
  writeFileSync(file, `${lines.join('\n')}\n`);
  const [command, ...args] = [...(options.prefix ?? []), '/usr/sbin/sshd', '-D', '-e', '-f', file];
  const child = spawn(command, args, { stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
  await waitFor('sshd to listen', () => {
    if (child.exitCode !== null) throw new Error(`sshd ended: ${said}`);
    return said.includes('Server listening');
  });
  return toSshd(child);
}

function toSshd(child: ChildProcess): Sshd {
  const pid = child.pid ?? 0;
  const close = async (): Promise<void> => {
    for (const session of childrenOf(pid)) endProcess(session);
    if (child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'close');
    child.kill('SIGKILL');
    await ended;
  };
  return { pid, sessions: () => childrenOf(pid), close, [Symbol.asyncDispose]: close };
}

function childrenOf(pid: number): readonly number[] {
  try {
    const found = execFileSync('ps', ['-o', 'pid=', '--ppid', String(pid)], { encoding: 'utf8' });
    return found.split('\n').filter(Boolean).map(Number);
  } catch {
    // ps ends with 1 where there are none.
    return [];
  }
}

function endProcess(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // Gone already.
  }
}

/** A folder with an `ssh` that reads these hosts' configuration: to be put first into PATH. */
export function createSshCommand(
  keys: SshKeys,
  hosts: readonly SshHost[],
  { prefix = [], options = [] }: { readonly prefix?: readonly string[]; readonly options?: readonly string[] } = {},
): string {
  const known = join(keys.folder, 'known_hosts');
  const hostKey = execFileSync('ssh-keygen', ['-y', '-f', join(keys.folder, 'host-key')], { encoding: 'utf8' }).trim();
  const knownAs = ({ address, port }: SshHost): string => (port === 22 ? address : `[${address}]:${port}`);
  writeFileSync(known, hosts.map((host) => `${knownAs(host)} ${hostKey}\n`).join(''));
  const config = join(keys.folder, 'ssh_config');
  const sections = hosts.map(({ name, address, port }) => `Host ${name}\n  HostName ${address}\n  Port ${port}\n`);
  const all = [
    'Host *',
    `  User ${userInfo().username}`,
    `  IdentityFile ${join(keys.folder, 'user-key')}`,
    '  IdentitiesOnly yes',
    `  UserKnownHostsFile ${known}`,
    '  GlobalKnownHostsFile /dev/null',
    '  StrictHostKeyChecking yes',
  ];
  writeFileSync(config, `${sections.join('')}${all.join('\n')}\n`);
  const bin = join(keys.folder, 'bin');
  writeExecutable(
    join(bin, 'ssh'),
    `#!/bin/sh\nexec ${[...prefix, '/usr/bin/ssh', '-F', config, ...options].join(' ')} "$@"\n`,
  );
  return bin;
}

/** A port of the loopback that is free at this moment. */
export async function findFreePort(): Promise<number> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

export function writeExecutable(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  chmodSync(path, 0o755);
}
