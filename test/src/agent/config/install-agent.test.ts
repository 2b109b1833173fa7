import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { modules } from '../../../../modules/index.ts';
import {
  findServices,
  installAgent,
  uninstallAgent,
  type InstallOptions,
  type Services,
} from '../../../../src/agent/config/install-agent.ts';
import { formatUnitFile } from '../../../../src/agent/config/format-unit-file.ts';
import { defaultRestartLimits } from '../../../../src/agent/restart/restart-limits.ts';
import { createTemporaryFolder } from '../../../helpers/temporary-folder.ts';
import { runProgram } from '../../../helpers/run-program.ts';

const none: Services = { isRunning: false, call: () => expect.unreachable('systemctl was called') };
const program = '/opt/gumshoe/bin/gumshoe-agent';

const into = (root: string): InstallOptions => ({ uid: 0, root, isImage: true, configPath: undefined, services: none });

test('below another root it writes unit and example, and starts nothing', () => {
  using root = createTemporaryFolder();
  const unit = join(root.path, 'etc/systemd/system/gumshoe-agent.service');
  const config = join(root.path, 'etc/gumshoe/agent.yaml');
  expect(installAgent({ ...into(root.path), program, modules })).toEqual([
    `${config}: written, every key with what it does`,
    `${unit}: written`,
    'nothing was started: enable gumshoe-agent.service in the image',
  ]);
  expect(readFileSync(unit, 'utf8')).toContain(`\nExecStart=${program}\n`);
  expect(statSync(unit).mode & 0o777).toBe(0o644);
  expect(statSync(config).mode & 0o777).toBe(0o600);
});

test('twice is once: a configuration is kept, an old unit is replaced', () => {
  using root = createTemporaryFolder();
  const config = join(root.path, 'etc/gumshoe/agent.yaml');
  installAgent({ ...into(root.path), program, modules });
  writeFileSync(config, 'name: mine\n');
  expect(installAgent({ ...into(root.path), program, modules }).slice(0, 2)).toEqual([
    `${config}: kept as it is`,
    expect.stringMatching(/: up to date$/),
  ]);
  expect(readFileSync(config, 'utf8')).toBe('name: mine\n');
  expect(installAgent({ ...into(root.path), program: '/usr/bin/gumshoe-agent', modules })[1]).toMatch(/: written$/);
});

test('it is taken away again; configuration and state are kept unless they are purged', () => {
  using root = createTemporaryFolder();
  const [config, state] = [join(root.path, 'etc/gumshoe/agent.yaml'), join(root.path, 'var/lib/gumshoe')];
  const unit = join(root.path, 'etc/systemd/system/gumshoe-agent.service');
  installAgent({ ...into(root.path), program, modules });
  mkdirSync(state, { recursive: true });
  expect(uninstallAgent({ ...into(root.path), purge: false })).toEqual([
    `${unit}: removed`,
    `${config}: kept`,
    `${state}: kept`,
  ]);
  expect([unit, config, state].map((path) => existsSync(path))).toEqual([false, true, true]);
  expect(uninstallAgent({ ...into(root.path), purge: true })).toEqual([
    `${unit}: is not there, nothing was installed`,
    `${config}: removed`,
    `${state}: removed`,
  ]);
  expect([config, join(root.path, 'etc/gumshoe'), state].map((path) => existsSync(path))).toEqual([
    false,
    false,
    false,
  ]);
});

test('paths are written so that systemd reads them as they are', () => {
  const text = formatUnitFile({ program: '/opt/my "agent"\\x', configPath: '/etc/100%/$HOME.yaml' });
  expect(text).toContain('\nExecStart="/opt/my \\"agent\\"\\\\x" -c /etc/100%%/$$HOME.yaml\n');
});

test('the unit ends whole and in order, restarts on failure alone, and is not killed before the agent had its time', () => {
  const text = formatUnitFile({ program, configPath: undefined });
  for (const line of ['Type=exec', 'Restart=on-failure', 'KillMode=mixed']) {
    expect(text.split('\n')).toContain(line);
  }
  // What stopDaemon waits for after the modules' own limits, and for the last words.
  const longestMs = Math.max(defaultRestartLimits.unitStopMs, defaultRestartLimits.prepareMs + 1000) + 10_000 + 2000;
  expect(Number(/^TimeoutStopSec=(\d+)$/m.exec(text)?.[1]) * 1000).toBeGreaterThan(longestMs);
  expect(text).not.toMatch(/^(RemainAfterExit|ProtectHome|PrivateTmp|ProtectSystem|MemoryDenyWriteExecute)=/m);
});

test('only root may, and is told so', () => {
  const options = { uid: 1000, root: undefined, isImage: false, configPath: undefined, services: none };
  const refusal = (word: string): Error =>
    expect.objectContaining({ code: 'NOT_ROOT', message: `${word}: expected root, got uid 1000` });
  expect(() => installAgent({ ...options, program, modules })).toThrow(refusal('install'));
  expect(() => uninstallAgent({ ...options, purge: false })).toThrow(refusal('uninstall'));
});

test('a root that cannot be written is told by its path', () => {
  using root = createTemporaryFolder();
  writeFileSync(join(root.path, 'etc'), 'a file where a folder should be');
  expect(() => installAgent({ ...into(root.path), program, modules })).toThrow(
    expect.objectContaining({
      code: 'INSTALL_FAILED',
      message: expect.stringContaining('agent.yaml: ENOTDIR') as unknown,
    }),
  );
});

const canMount = spawnSync('unshare', ['-m', 'mount', '-t', 'tmpfs', 'tmpfs', '/mnt']).status === 0;

test.runIf(canMount)('on a full disk the file is named, and nothing half-made is left behind', () => {
  using root = createTemporaryFolder();
  const code = `
    import { readdirSync, writeFileSync, mkdirSync } from 'node:fs';
    const [sources, root] = process.argv.slice(1);
    const { installAgent } = await import(sources + '/src/agent/config/install-agent.ts');
    const { modules } = await import(sources + '/modules/index.ts');
    mkdirSync(root + '/etc/gumshoe', { recursive: true });
    try { writeFileSync(root + '/filler', Buffer.alloc(4 << 20)); } catch {}
    const options = { uid: 0, root, isImage: true, services: { isRunning: false } };
    try { installAgent({ ...options, program: '/opt/gumshoe-agent', modules }); }
    catch (error) { console.log(JSON.stringify({ message: error.message, left: readdirSync(root + '/etc/gumshoe') })); }`;
  const sources = join(import.meta.dirname, '../../../..');
  const shell = 'mount -t tmpfs -o size=1m tmpfs "$3" && exec "$0" --input-type=module -e "$1" "$2" "$3"';
  const words = ['-m', 'sh', '-c', shell, process.execPath, code, sources, root.path];
  const { stdout } = spawnSync('unshare', words, { encoding: 'utf8' });
  expect(JSON.parse(stdout)).toEqual({ message: expect.stringMatching(/agent\.yaml: .*ENOSPC/) as unknown, left: [] });
});

/** A systemctl that writes down its calls, and fails when it is told to. */
function createFakeSystemctl(folder: string): { readonly services: Services; readonly calls: () => string } {
  const log = join(folder, 'calls');
  writeFileSync(
    join(folder, 'systemctl'),
    `#!/bin/sh\necho "$@" >> ${log}\n[ -e ${folder}/fail ] && echo "Failed to do it" >&2 && exit 5\nexit 0\n`,
  );
  chmodSync(join(folder, 'systemctl'), 0o755);
  return {
    services: findServices({ PATH: `${folder}:/bin:/usr/bin` }, folder),
    calls: () => (existsSync(log) ? readFileSync(log, 'utf8') : ''),
  };
}

test('systemctl is called, and what it refuses is told', () => {
  using folder = createTemporaryFolder();
  const { services, calls } = createFakeSystemctl(folder.path);
  expect(services.isRunning).toBe(true);
  services.call(['enable', '--now', 'x.service']);
  expect(calls()).toBe('enable --now x.service\n');
  writeFileSync(join(folder.path, 'fail'), '');
  expect(() => services.call(['daemon-reload'])).toThrow(
    expect.objectContaining({
      code: 'SERVICE_FAILED',
      message: 'systemctl daemon-reload ended with status 5: Failed to do it',
    }),
  );
  expect(() => findServices({ PATH: '/nonexistent' }, folder.path).call(['x'])).toThrow(
    'systemctl x could not be called',
  );
});

test('where systemd runs the service is enabled and started, and stopped and disabled', () => {
  using root = createTemporaryFolder();
  using folder = createTemporaryFolder();
  const { services, calls } = createFakeSystemctl(folder.path);
  const options = { ...into(root.path), isImage: false, services };
  const said = installAgent({ ...options, program, modules });
  expect(said.at(-1)).toMatch(/^gumshoe-agent.service: enabled and started; /);
  installAgent({ ...options, program, modules });
  uninstallAgent({ ...options, purge: false });
  uninstallAgent({ ...options, purge: false });
  expect(calls().split('\n')).toEqual([
    'daemon-reload',
    'enable --now gumshoe-agent.service',
    'daemon-reload',
    'enable --now gumshoe-agent.service',
    'disable --now gumshoe-agent.service',
    'daemon-reload',
    '',
  ]);
});

test('a call that was cut short is made good by the next', () => {
  using root = createTemporaryFolder();
  using folder = createTemporaryFolder();
  const { services, calls } = createFakeSystemctl(folder.path);
  const options = { ...into(root.path), isImage: false, services };
  writeFileSync(join(folder.path, 'fail'), '');
  expect(() => installAgent({ ...options, program, modules })).toThrow(
    expect.objectContaining({ code: 'SERVICE_FAILED' }),
  );
  rmSync(join(folder.path, 'fail'));
  installAgent({ ...options, program, modules });
  expect(calls().split('\n')).toEqual(['daemon-reload', 'daemon-reload', 'enable --now gumshoe-agent.service', '']);
});

test('without systemd it says how to start the agent', () => {
  using root = createTemporaryFolder();
  const said = installAgent({ ...into(root.path), isImage: false, program, modules });
  expect(said.at(-1)).toBe(`systemd does not run here: nothing was started; start the agent with "${program}"`);
});

test('the program installs into an image and takes itself away again', async () => {
  using root = createTemporaryFolder();
  const installed = await runProgram('gumshoe-agent', ['install', '--root', root.path]);
  expect(installed).toMatchObject({ status: 0, stderr: '' });
  const text = readFileSync(join(root.path, 'etc/systemd/system/gumshoe-agent.service'), 'utf8');
  expect(text).toMatch(/\nExecStart=\/\S+\/bin\/gumshoe-agent\n/);
  const removed = await runProgram('gumshoe-agent', ['uninstall', '--root', root.path, '--purge']);
  expect(removed.stdout).toContain(': removed\n');
  expect(existsSync(join(root.path, 'etc/gumshoe'))).toBe(false);
});
