import { closeSync, fstatSync, readFileSync } from 'node:fs';
import { homedir, hostname } from 'node:os';
import { isAbsolute, resolve } from 'node:path';
import { ConfigError, messageOf } from '../../base/app-error.ts';
import { openCarefully } from '../../base/open-carefully.ts';
import { parsePasswd } from '../../linux/accounts/parse-passwd.ts';
import type { Module } from '../../module/define-module.ts';
import { loadModule, moduleNames } from '../../../modules/load.ts';
import type { AgentConfig } from './agent-config.ts';
import { checkSocketPaths } from './check-socket-paths.ts';
import { readDefaultFolders, type DefaultFolders } from './default-config.ts';
import { maxConfigBytes, parseAgentConfig, type ConfigWithSources } from './parse-agent-config.ts';

export interface ReadConfigOptions {
  /** `-c FILE`; undefined = GUMSHOE_AGENT_CONFIG, else the account's own. */
  readonly path: string | undefined;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly uid: number;
  /** False where no socket is made or needed: too long a path is no reason to refuse then. */
  readonly withSockets?: boolean;
  /** Somebody reads standard error on a terminal: a log that goes there is for people, unless the file says otherwise. */
  readonly isWatched?: boolean;
  /** The modules that sections may name; absent = those of this program. */
  readonly modules?: readonly Module[];
}

/**
 * The configuration of the agent. Throws ConfigError: CONFIG_UNREADABLE for a file that was named and is not there, or cannot be read; CONFIG_INVALID for
 * anything in it that is not as it should be; SOCKET_PATH_TOO_LONG where the kernel would refuse the sockets of its run folder.
 */
export async function readAgentConfig(options: ReadConfigOptions): Promise<AgentConfig> {
  return (await readConfigWithSources(options)).config;
}

/** The same with the origin of every value. */
export async function readConfigWithSources(options: ReadConfigOptions): Promise<ConfigWithSources> {
  const { folders, path, text } = readConfigFile(options);
  const found = parseAgentConfig(text ?? '', {
    path: text === undefined ? undefined : path,
    folders,
    hostname: hostname(),
    isWatched: options.isWatched ?? false,
    modules: options.modules ?? (await loadModules()),
    uidOf,
  });
  if (options.withSockets !== false) checkSocketPaths(found.config);
  return found;
}

export interface FoundConfigFile {
  readonly folders: DefaultFolders;
  /** Where it was looked for; undefined = no file is to be read. */
  readonly path: string | undefined;
  /** Undefined where the account has none and none was named. */
  readonly text: string | undefined;
}

/** The file as it stands there. Throws ConfigError as readAgentConfig does for one that cannot be read. */
export function readConfigFile(options: Pick<ReadConfigOptions, 'path' | 'environment' | 'uid'>): FoundConfigFile {
  const { environment, uid } = options;
  const home = environment['HOME'] ?? '';
  const folders = readDefaultFolders({ uid, home: isAbsolute(home) ? home : homedir(), environment });
  const isNamed = options.path !== undefined || folders.isNamed;
  const wanted = options.path ?? folders.configPath;
  const path = wanted === undefined ? undefined : resolve(wanted);
  return { folders, path, text: path === undefined ? undefined : readConfigText(path, isNamed) };
}

async function loadModules(): Promise<readonly Module[]> {
  const modules = await Promise.all(moduleNames.map(loadModule));
  return modules.filter((module) => module !== undefined);
}

/** The text; undefined where the account has no configuration and none was named. */
function readConfigText(path: string, isNamed: boolean): string | undefined {
  let descriptor: number | undefined;
  try {
    descriptor = openCarefully(path);
    const facts = fstatSync(descriptor);
    if (!facts.isFile()) throw new Error('it is not a regular file');
    if (facts.size > maxConfigBytes) throw new Error(`expected at most ${maxConfigBytes} bytes, got ${facts.size}`);
    return new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(descriptor));
  } catch (error) {
    const isAbsent = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    if (isAbsent && !isNamed) return undefined;
    throw new ConfigError('CONFIG_UNREADABLE', `${path}: ${describe(error)}`, { cause: error });
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}

function describe(error: unknown): string {
  if (!(error instanceof Error && 'code' in error)) return messageOf(error);
  if (error.code === 'ENOENT') return 'there is no such file';
  if (error.code === 'EACCES') return 'this account may not read it';
  if (error.code === 'ERR_ENCODING_INVALID_ENCODED_DATA') return 'expected UTF-8, got other bytes';
  return messageOf(error);
}

/** Of the accounts in passwd(5); those of a directory service are named by their uid. */
function uidOf(account: string): number | undefined {
  try {
    return parsePasswd(readFileSync('/etc/passwd', 'utf8')).entries.find(({ name }) => name === account)?.uid;
  } catch {
    // No file: then no account has a name.
    return undefined;
  }
}
