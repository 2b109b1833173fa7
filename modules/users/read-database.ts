import {
  parseGroups,
  parseGroupShadow,
  type GroupEntry,
  type GroupShadowEntry,
} from '../../src/linux/accounts/parse-group.ts';
import { parseLoginDefs, parseShells } from '../../src/linux/accounts/parse-login-defs.ts';
import { parsePasswd, type Parsed, type PasswdEntry } from '../../src/linux/accounts/parse-passwd.ts';
import { parseShadow, type ShadowEntry } from '../../src/linux/accounts/parse-shadow.ts';
import type { HostFiles } from '../../src/linux/host/host-files.ts';
import { formatLines } from '../../src/linux/host/unparsed.ts';

/** The account files of a host. */
export interface Database {
  readonly passwd: readonly PasswdEntry[];
  readonly groups: readonly GroupEntry[];
  /** Undefined when the file could not be read: what stands there is not known. */
  readonly shadow: ReadonlyMap<string, ShadowEntry> | undefined;
  readonly groupShadow: ReadonlyMap<string, GroupShadowEntry> | undefined;
  readonly shells: ReadonlySet<string>;
  /** The first id of accounts of people. */
  readonly firstUid: number;
}

const maxBytes = 16 * 1024 * 1024;

export function readDatabase(files: HostFiles): Database {
  const parse = <Entry>(file: string, parser: (text: string) => Parsed<Entry>): readonly Entry[] | undefined => {
    const text = files.readText(file, maxBytes);
    if (text === undefined) return undefined;
    const { entries, unparsed, nis } = parser(text);
    files.problems.addUnparsed(file, unparsed);
    if (nis.count > 0)
      files.problems.add(`${file} ${formatLines(nis)} of NIS ("+" or "-"): accounts of the network are not asked for`);
    return entries;
  };
  const byName = <Entry extends { readonly name: string }>(entries: readonly Entry[] | undefined) =>
    entries && new Map(entries.toReversed().map((entry) => [entry.name, entry]));

  const passwd = parse('/etc/passwd', parsePasswd);
  if (passwd === undefined) files.problems.add('/etc/passwd is missing or could not be read: accounts are not known');
  const shellsFile = files.stat('/etc/shells') ? '/etc/shells' : '/usr/share/defaults/etc/shells';
  const firstUid = Number(parseLoginDefs(files.readText('/etc/login.defs') ?? '').get('UID_MIN'));
  noteDirectories(files);
  return {
    passwd: passwd ?? [],
    groups: parse('/etc/group', parseGroups) ?? [],
    shadow: byName(parse('/etc/shadow', parseShadow)),
    groupShadow: byName(parse('/etc/gshadow', parseGroupShadow)),
    shells: parseShells(files.readText(shellsFile) ?? ''),
    firstUid: Number.isInteger(firstUid) && firstUid > 0 ? firstUid : 1000,
  };
}

/** Says where else accounts and rules come from: directories in the network are not asked. */
function noteDirectories(files: HostFiles): void {
  const own = new Set(['files', 'compat', 'systemd', 'db']);
  for (const line of (files.readText('/etc/nsswitch.conf') ?? '').split('\n')) {
    const [, name, services] = /^\s*(passwd|group|shadow|sudoers):([^#]*)/.exec(line) ?? [];
    if (name === undefined || services === undefined) continue;
    const others = services.split(/\s+/).filter((service) => /^[a-z]/.test(service) && !own.has(service));
    if (others.length > 0)
      files.problems.add(
        `${name} of ${others.join(', ')} (nsswitch.conf) are not asked for, only the files of this host`,
      );
  }
}
