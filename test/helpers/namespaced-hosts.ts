/** Hosts in network namespaces: each with its own address and an sshd, joined by cables to the namespace that the console's ssh runs in. */
import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { ip } from './ip-tool.ts';
import { agentLauncher, noDaemon } from './ssh-fleet.ts';
import { createSshCommand, createSshKeys, startSshd, writeExecutable, type Sshd, type SshHost } from './sshd.ts';
import { createTemporaryFolder } from './temporary-folder.ts';

export interface NamespacedHosts extends AsyncDisposable {
  readonly hosts: readonly (SshHost & { readonly sshd: Sshd; readonly cut: () => void })[];
  readonly environment: Readonly<Record<string, string>>;
}

/** Throws where the test may not make network namespaces: that needs root and iproute2. */
export async function startNamespacedHosts(names: readonly string[]): Promise<NamespacedHosts> {
  await using undo = new AsyncDisposableStack();
  const folder = undo.use(createTemporaryFolder()).path;
  const keys = createSshKeys(folder);
  writeExecutable(join(folder, 'remote', 'gumshoe-agent'), agentLauncher);
  const unique = `gs${process.pid}-${Math.random().toString(36).slice(2, 6)}`;
  const hub = addNamespace(undo, `${unique}-hub`);
  const hosts = [];
  for (const [at, name] of names.entries()) {
    const space = addNamespace(undo, `${unique}-${at}`);
    const address = `10.77.${at}.2`;
    // Both ends are made where they belong, so that nothing shows in the namespace of this machine.
    must('-netns', hub, 'link', 'add', `to${at}`, 'type', 'veth', 'peer', 'name', 'eth0', 'netns', space);
    must('-netns', hub, 'address', 'add', `10.77.${at}.1/30`, 'dev', `to${at}`);
    must('-netns', hub, 'link', 'set', `to${at}`, 'up');
    must('-netns', space, 'address', 'add', `${address}/30`, 'dev', 'eth0');
    must('-netns', space, 'link', 'set', 'eth0', 'up');
    const host = { name, address, port: 22 };
    const path = `${join(folder, 'remote')}:/usr/local/bin:/usr/bin:/bin`;
    const prefix = ['ip', 'netns', 'exec', space];
    const sshd = undo.use(await startSshd(keys, host, { path, prefix, environment: noDaemon }));
    hosts.push({ ...host, sshd, cut: () => must('-netns', space, 'link', 'set', 'eth0', 'down') });
  }
  // Answers of a dead host are not waited for as long as usual: what ssh is told first counts.
  const alive = ['-o', 'ServerAliveInterval=1', '-o', 'ServerAliveCountMax=2'];
  const bin = createSshCommand(keys, hosts, { prefix: ['ip', 'netns', 'exec', hub], options: alive });
  const home = join(folder, 'home');
  mkdirSync(home);
  const kept = undo.move();
  return {
    hosts,
    environment: { PATH: `${bin}:${process.env['PATH'] ?? ''}`, GUMSHOE_HOME: home },
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  };
}

function addNamespace(undo: AsyncDisposableStack, name: string): string {
  must('netns', 'add', name);
  undo.defer(() => removeNamespace(name));
  must('-netns', name, 'link', 'set', 'lo', 'up');
  return name;
}

/** With everything that still runs in it. */
function removeNamespace(name: string): void {
  const { stdout } = spawnSync('ip', ['netns', 'pids', name], { encoding: 'utf8' });
  for (const pid of stdout.split('\n').filter(Boolean)) endProcess(Number(pid));
  ip('netns', 'delete', name);
}

function endProcess(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // Gone already.
  }
}

function must(...words: readonly string[]): void {
  if (!ip(...words)) throw new Error(`ip ${words.join(' ')} failed: network namespaces need root and iproute2`);
}
