/**
 * The agent as a service of its host, and no longer. Both may be called again and again; both tell in lines what they did. Below another root (an image)
 * files are written, and nothing is started.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, renameSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { AgentError, messageOf } from '../../base/app-error.ts';
import type { Module } from '../../module/define-module.ts';
import { formatExampleConfig } from './format-example-config.ts';
import { formatUnitFile } from './format-unit-file.ts';

/** The one place where the unit has a name: whoever restarts it reads the name from its own cgroup. */
const unit = 'gumshoe-agent.service';
const unitPath = `/etc/systemd/system/${unit}`;
const defaultConfigPath = '/etc/gumshoe/agent.yaml';
const ownFolders = ['/var/lib/gumshoe', '/run/gumshoe'];

export interface InstallOptions {
  readonly uid: number;
  /** Below which all files lie; undefined = this host's. */
  readonly root: string | undefined;
  /** The root is none of a running host: files are written, nothing is started or stopped. */
  readonly isImage: boolean;
  /** `-c FILE`; undefined = the default of root. */
  readonly configPath: string | undefined;
  readonly services: Services;
}

/** systemd, as far as it is there. */
export interface Services {
  readonly isRunning: boolean;
  /** Calls systemctl. Throws AgentError SERVICE_FAILED with what it said. */
  readonly call: (args: readonly string[]) => void;
}

/** Makes the agent a service. Throws AgentError: NOT_ROOT, SERVICE_FAILED, INSTALL_FAILED. */
export function installAgent(
  options: InstallOptions & { readonly program: string; readonly modules: readonly Module[] },
): readonly string[] {
  const { root, isImage, configPath, services, program } = options;
  checkAccount(options, 'install');
  const said: string[] = [];
  const config = configPath === undefined ? defaultConfigPath : resolve(configPath);
  const configPlace = below(root, config);
  if (existsSync(configPlace)) said.push(`${configPlace}: kept as it is`);
  else {
    // It may come to hold secrets of sinks.
    writeWhole(configPlace, formatExampleConfig(options.modules), 0o600);
    said.push(`${configPlace}: written, every key with what it does`);
  }
  const place = below(root, unitPath);
  const text = formatUnitFile({ program, configPath: configPath === undefined ? undefined : config });
  const isChanged = readText(place) !== text;
  if (isChanged) writeWhole(place, text, 0o644);
  said.push(`${place}: ${isChanged ? 'written' : 'up to date'}`);
  if (isImage) return [...said, `nothing was started: enable ${unit} in the image`];
  if (!services.isRunning) {
    return [...said, `systemd does not run here: nothing was started; start the agent with "${program}"`];
  }
  services.call(['daemon-reload']);
  services.call(['enable', '--now', unit]);
  return [
    ...said,
    `${unit}: enabled and started; "gumshoe-agent -q status" asks it, "journalctl -u ${unit}" shows its log`,
  ];
}

/** Takes the service away. Throws AgentError: NOT_ROOT, SERVICE_FAILED, INSTALL_FAILED. */
export function uninstallAgent(options: InstallOptions & { readonly purge: boolean }): readonly string[] {
  const { root, isImage, configPath, services, purge } = options;
  const isService = !isImage && services.isRunning;
  checkAccount(options, 'uninstall');
  const said: string[] = [];
  const place = below(root, unitPath);
  if (existsSync(place)) {
    if (isService) services.call(['disable', '--now', unit]);
    attempt(place, () => rmSync(place));
    if (isService) services.call(['daemon-reload']);
    said.push(`${place}: removed${isService ? ', the service is stopped and disabled' : ''}`);
  } else said.push(`${place}: is not there, nothing was installed`);
  const config = below(root, configPath === undefined ? defaultConfigPath : resolve(configPath));
  // Folders that a configuration names are not ours alone: they are never removed.
  const kept = [config, ...ownFolders.map((folder) => below(root, folder))].filter((path) => existsSync(path));
  if (!purge) return [...said, ...kept.map((path) => `${path}: kept`)];
  for (const path of kept) {
    attempt(path, () => rmSync(path, { recursive: true, force: true }));
    said.push(`${path}: removed`);
  }
  if (configPath === undefined) removeEmpty(dirname(config));
  return said;
}

/** systemd of this host (sd_booted(3)), by its command. */
export function findServices(
  environment: Readonly<Record<string, string | undefined>>,
  bootMark = '/run/systemd/system',
): Services {
  return {
    isRunning: existsSync(bootMark),
    call: (args) => {
      const what = `systemctl ${args.join(' ')}`;
      const { error, status, signal, stderr } = spawnSync('systemctl', args, {
        env: environment,
        encoding: 'utf8',
        timeout: 90_000,
        stdio: ['ignore', 'ignore', 'pipe'],
      });
      if (error) throw new AgentError('SERVICE_FAILED', `${what} could not be called: ${messageOf(error)}`);
      if (status === 0) return;
      const how = signal === null ? `status ${status}` : signal;
      throw new AgentError('SERVICE_FAILED', `${what} ended with ${how}: ${stderr.trim().slice(0, 2000)}`);
    },
  };
}

function checkAccount({ uid, isImage }: InstallOptions, word: string): void {
  if (uid === 0 || isImage) return;
  throw new AgentError('NOT_ROOT', `${word}: expected root, got uid ${uid}`);
}

function below(root: string | undefined, path: string): string {
  return root === undefined ? path : join(resolve(root), path);
}

/** Beside the place first: a service manager that looks at the wrong moment sees the old file or the new one. */
function writeWhole(path: string, text: string, mode: number): void {
  attempt(path, () => {
    mkdirSync(dirname(path), { recursive: true, mode: 0o755 });
    const draft = `${path}.${process.pid}.new`;
    try {
      writeFileSync(draft, text, { mode, flag: 'wx', flush: true });
      renameSync(draft, path);
    } catch (error) {
      rmSync(draft, { force: true }); // on a full disk it is there, and half of it
      throw error;
    }
  });
}

function readText(path: string): string | undefined {
  return existsSync(path) ? attempt(path, () => readFileSync(path, 'utf8')) : undefined;
}

function attempt<Result>(path: string, work: () => Result): Result {
  try {
    return work();
  } catch (cause) {
    throw new AgentError('INSTALL_FAILED', `${path}: ${messageOf(cause)}`, { cause });
  }
}

function removeEmpty(folder: string): void {
  try {
    rmdirSync(folder);
  } catch {
    // Not there, or something of somebody else is in it.
  }
}
