import { join } from 'node:path';
import { messageOf } from '../../src/base/app-error.ts';
import { isGone } from '../../src/linux/errno.ts';
import { parseServerLines, type ConfiguredServer, type Included } from './parse-server-lines.ts';
import { noTimesyncdServers, parseNetworkState, parseTimesyncdConf, toServers } from './parse-timesyncd-conf.ts';
import { readConfig, readConfigNames } from './read-config.ts';

export interface KnownServer extends ConfiguredServer {
  /** Where it was found: "parameters", a file, or "public". */
  readonly source: string;
}

export interface FoundServers {
  readonly servers: readonly KnownServer[];
  /** Files that are there but could not be read, one sentence each. */
  readonly problems: readonly string[];
}

/** ntpd's, OpenNTPD's and chrony's own files, and what DHCP clients write for them. */
const lineFiles = [
  '/etc/ntp.conf',
  '/etc/ntpsec/ntp.conf',
  '/etc/ntpd.conf',
  '/etc/openntpd/ntpd.conf',
  '/run/ntp.conf.dhcp',
  '/run/ntpsec/ntp.conf.dhcp',
  '/etc/chrony.conf',
  '/etc/chrony/chrony.conf',
];
/** chrony reads these because its file says so; they are looked at even when that file is gone. */
const chronyFolders: readonly Included[] = [
  { path: '/etc/chrony/conf.d', ending: '.conf' },
  { path: '/etc/chrony/sources.d', ending: '.sources' },
  { path: '/etc/chrony.d', ending: '.conf' },
  { path: '/run/chrony-dhcp', ending: '.sources' },
];
/** The first of two drop-ins of one name counts. */
const timesyncdFolders = ['/etc/systemd', '/run/systemd', '/usr/local/lib/systemd', '/usr/lib/systemd'];
const networkStates = ['/run/systemd/netif/state'];

const maxIncluded = 50;

/** The servers that this host is told to follow, each once. `rootFolder` is '/' but in tests. */
export function findServers(rootFolder: string): FoundServers {
  const problems: string[] = [];
  const servers = new Map<string, KnownServer>();
  const read = (path: string): string | undefined => attempt(problems, path, () => readConfig(join(rootFolder, path)));
  const list = (folder: string, ending: string): readonly string[] =>
    attempt(problems, folder, () => readConfigNames(join(rootFolder, folder), ending)) ?? [];
  const add = (found: readonly ConfiguredServer[], source: string): void => {
    for (const server of found) {
      const key = `${server.host.toLowerCase()} ${server.port}`;
      if (!servers.has(key)) servers.set(key, { ...server, source });
    }
  };
  readLineFiles(read, list, add);
  readTimesyncd(read, list, add);
  for (const path of networkStates) add(toServers(parseNetworkState(read(path) ?? '')), path);
  return { servers: [...servers.values()], problems };
}

type Read = (path: string) => string | undefined;
type List = (folder: string, ending: string) => readonly string[];
type Add = (found: readonly ConfiguredServer[], source: string) => void;

function readLineFiles(read: Read, list: List, add: Add): void {
  const seen = new Set<string>();
  const waiting: Included[] = [...lineFiles.map((path) => ({ path, ending: undefined })), ...chronyFolders];
  for (let next = waiting.shift(); next && seen.size < maxIncluded + lineFiles.length; next = waiting.shift()) {
    const { path, ending } = next;
    if (seen.has(path)) continue;
    seen.add(path);
    if (ending !== undefined) {
      waiting.unshift(...list(path, ending).map((name) => ({ path: join(path, name), ending: undefined })));
      continue;
    }
    const { servers, included } = parseServerLines(read(path) ?? '');
    add(servers, path);
    waiting.unshift(...included.flatMap((one) => expand(one)));
  }
}

/** An include may have a pattern as its last part (chrony.conf(5)); the usual one, *.ENDING, is understood. */
function expand({ path, ending }: Included): readonly Included[] {
  const [, folder, pattern] = /^(.+)\/\*(\.conf|\.sources)$/s.exec(path) ?? [];
  if (folder !== undefined) return [{ path: folder, ending: pattern === '.conf' ? '.conf' : '.sources' }];
  return /[*?[]/.test(path) ? [] : [{ path, ending }];
}

function readTimesyncd(read: Read, list: List, add: Add): void {
  const main = timesyncdFolders.map((folder) => `${folder}/timesyncd.conf`);
  const dropIns = new Map<string, string>();
  for (const folder of timesyncdFolders.map((path) => `${path}/timesyncd.conf.d`)) {
    for (const name of list(folder, '.conf')) if (!dropIns.has(name)) dropIns.set(name, `${folder}/${name}`);
  }
  const inOrder = [...dropIns].toSorted(([one], [other]) => (one < other ? -1 : 1)).map(([, path]) => path);
  let found = noTimesyncdServers;
  let last = '';
  const take = (path: string): boolean => {
    const text = read(path);
    if (text === undefined) return false;
    const after = parseTimesyncdConf(text, found);
    if (after.ntp !== found.ntp || after.fallback !== found.fallback) last = path;
    found = after;
    return true;
  };
  main.some(take);
  inOrder.forEach(take);
  add(toServers(found.ntp.length > 0 ? found.ntp : found.fallback), last);
}

/** Undefined when it is not there, which is no problem, or when it cannot be read, which is one. */
function attempt<Result>(problems: string[], path: string, work: () => Result): Result | undefined {
  try {
    return work();
  } catch (error) {
    if (!isGone(error)) problems.push(`${path} could not be read: ${messageOf(error)}`);
    return undefined;
  }
}
