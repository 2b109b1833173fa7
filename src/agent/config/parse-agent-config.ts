import { ConfigError } from '../../base/app-error.ts';
import { asObject } from '../../base/as-object.ts';
import { hasHidden } from '../../base/visible.ts';
import type { Module } from '../../module/define-module.ts';
import { defaultLimits, type Limits } from '../limits.ts';
import type { AgentConfig, EnabledModule } from './agent-config.ts';
import { configSchema, configShape, listConfigKeys, type ConfigFile } from './config-schema.ts';
import type { DefaultFolders } from './default-config.ts';
import { describeIssue, describeValue, type Refuse } from './describe-issue.ts';
import { readPersistentSections } from './persistent-sections.ts';
import { readYaml, YamlProblem, type YamlValue } from './read-yaml.ts';

/** What the text does not say. */
export interface ConfigSurroundings {
  /** The file, for messages and the result; undefined = there is none, the text is empty. */
  readonly path: string | undefined;
  readonly folders: DefaultFolders;
  readonly hostname: string;
  /** Somebody reads the agent's standard error on a terminal. */
  readonly isWatched?: boolean;
  readonly modules: readonly Module[];
  /** The uid of an account; undefined where there is no such account. */
  readonly uidOf: (account: string) => number | undefined;
}

/** A configuration, and for every key where its value comes from: "FILE:LINE", "default", "environment GUMSHOE_RUN". */
export interface ConfigWithSources {
  readonly config: AgentConfig;
  readonly sources: ReadonlyMap<string, string>;
}

export const maxConfigBytes = 1024 * 1024;

/** The whole configuration from the text of its file. Throws ConfigError CONFIG_INVALID, naming file, line, key, what was expected and what came. */
export function parseAgentConfig(text: string, surroundings: ConfigSurroundings): ConfigWithSources {
  const { path: file = 'configuration', folders } = surroundings;
  const fail = (line: number, said: string): never => {
    throw new ConfigError('CONFIG_INVALID', `${file}:${line}: ${said}`);
  };
  if (Buffer.byteLength(text) > maxConfigBytes) fail(1, `expected at most ${maxConfigBytes} bytes, got more`);
  const yaml = readText(text, fail);
  const refuse: Refuse = (path, said) =>
    fail(yaml.lineOf(path), path.length === 0 ? said : `${path.map(String).join('.')}: ${said}`);
  const parsed = configSchema.safeParse(yaml.value ?? {});
  if (!parsed.success) {
    const { path, text: said } = describeIssue(parsed.error, yaml.value, keysAt);
    return refuse(path, said);
  }
  const given = parsed.data;
  const state = given.state ?? folders.state.value;
  const run = folders.runFor(state);
  const isForPeople = surroundings.isWatched === true && given.log?.file === undefined;
  const usualFormat = isForPeople ? 'text' : 'json';
  const config: AgentConfig = {
    path: surroundings.path,
    runFolder: given.run ?? run.value,
    stateFolder: state,
    name: given.name ?? surroundings.hostname,
    tags: readTags(given.tags, refuse),
    extraPrivacy: given.extraPrivacy ?? false,
    log: { level: given.log?.level ?? 'info', format: given.log?.format ?? usualFormat, file: given.log?.file },
    limits: readLimits(given.limits),
    allowedUids: readAllowed(given.allow, surroundings.uidOf, refuse),
    restart: { maxInWindow: given.restart?.max ?? 3, windowMs: given.restart?.window ?? 600_000 },
    persistent: readPersistentSections(given.persistent, surroundings.modules, refuse),
  };
  const defaults = new Map([
    ['run', run.from],
    ['state', folders.state.from],
    ['name', 'name of the host'],
    ['log.format', isForPeople ? 'standard error is a terminal' : 'default'],
  ]);
  return { config, sources: listSources(yaml, file, defaults, config.persistent) };
}

function readText(text: string, fail: (line: number, said: string) => never): YamlValue {
  try {
    return readYaml(text);
  } catch (error) {
    if (error instanceof YamlProblem) return fail(error.line, error.message);
    throw error;
  }
}

/** The keys that may stand at a place of the file. */
function keysAt(path: readonly PropertyKey[]): readonly string[] {
  if (path.length === 0) return Object.keys(configShape);
  const prefix = `${path.map(String).join('.')}.`;
  return listConfigKeys().flatMap((key) => (key.path.startsWith(prefix) ? [key.path.slice(prefix.length)] : []));
}

function readLimits(given: ConfigFile['limits'] = {}): Limits {
  const mapped: { readonly [Name in keyof Limits]: number | undefined } = {
    timeoutMs: given.timeout,
    stopWaitMs: given.stopWait,
    termWaitMs: given.termWait,
    memoryBytes: given.memory,
    memoryCheckMs: given.memoryCheck,
    resultBytes: given.result,
    hitBytes: given.hits,
    nice: given.nice,
    parallelOperations: given.parallel,
    waitingOperations: given.waiting,
    spareWaitMs: given.spareWait,
    spareLongWaitMs: given.spareLongWait,
  };
  const wanted = Object.entries(mapped).filter(([, value]) => value !== undefined);
  return { ...defaultLimits, ...Object.fromEntries(wanted) };
}

const mostTags = 256;

function readTags(given: unknown, refuse: Refuse): Readonly<Record<string, string>> {
  if (given === undefined || given === null) return {};
  const tags = asObject(given);
  if (!tags) return refuse(['tags'], `expected texts by name, got ${describeValue(given)}`);
  const entries = Object.entries(tags);
  if (entries.length > mostTags) refuse(['tags'], `expected at most ${mostTags}, got ${entries.length}`);
  for (const [name, value] of entries) {
    if (name === '' || name.length > 256 || name === '__proto__' || hasHidden(name)) {
      refuse(['tags', name], `expected a name of 1 to 256 characters, got ${describeValue(name)}`);
    }
    if (typeof value !== 'string') {
      refuse(['tags', name], `expected a text (in quotes), got ${describeValue(value)}`);
    } else if (value.length > 1024 || hasHidden(value)) {
      refuse(['tags', name], `expected a text of at most 1024 characters on one line, got ${describeValue(value)}`);
    }
  }
  return Object.fromEntries(entries) as Readonly<Record<string, string>>;
}

/** 2^32 - 1 stands for "no account" in the kernel's calls. */
const maxUid = 2 ** 32 - 2;

function readAllowed(given: unknown, uidOf: ConfigSurroundings['uidOf'], refuse: Refuse): readonly number[] {
  if (given === undefined || given === null) return [];
  if (!Array.isArray(given)) {
    return refuse(['allow'], `expected a list of accounts as [alice, 1001], got ${describeValue(given)}`);
  }
  const uids = given.map((account: unknown, at): number => {
    if (typeof account === 'number' && Number.isInteger(account) && account >= 0 && account <= maxUid) return account;
    if (typeof account !== 'string' || account === '') {
      return refuse(['allow', at], `expected the name of an account or a uid, got ${describeValue(account)}`);
    }
    return uidOf(account) ?? refuse(['allow', at], `expected an account of this host, got ${describeValue(account)}`);
  });
  return [...new Set(uids)];
}

function listSources(
  yaml: YamlValue,
  file: string,
  defaults: ReadonlyMap<string, string>,
  persistent: readonly EnabledModule[],
): ReadonlyMap<string, string> {
  const fromFile = (path: readonly string[]): string | undefined => {
    let value = yaml.value;
    let isThere = false;
    for (const key of path) {
      const object = asObject(value);
      isThere = object !== undefined && Object.hasOwn(object, key);
      value = object?.[key];
    }
    return isThere ? `${file}:${yaml.lineOf(path)}` : undefined;
  };
  const paths = [
    ...listConfigKeys().map(({ path }) => path),
    ...persistent.map(({ module }) => `persistent.${module.name}`),
  ];
  return new Map(paths.map((path) => [path, fromFile(path.split('.')) ?? defaults.get(path) ?? 'default']));
}
