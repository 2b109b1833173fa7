/** Which rules of sudoers hold for an account: aliases, groups and exclusions resolved as sudo does, the last entry of a list that matches deciding. */
import { indexRules, type SudoSubject } from './index-sudo-rules.ts';
import { matchesGlob } from './matches-glob.ts';
import type { SudoAlias, AliasKind, SudoRule } from './parse-sudoers.ts';
import type { Place, Sudoers } from './read-sudoers.ts';

/** A rule that holds for an account on this host. */
export interface SudoRight extends Place {
  readonly tool: 'sudo' | 'doas';
  /** Whom the rule names, as it is written: "%sudo". */
  readonly who: string;
  /** As whom: "root", "ALL", "postgres". */
  readonly runAs: string;
  readonly commands: readonly string[];
  /** True when at least one command needs no password. */
  readonly withoutPassword: boolean;
  /** Where some commands need no password, those that do. */
  readonly withPassword: readonly string[];
  /** True when the password of the target is asked for, not that of the account (targetpw, rootpw, runaspw). */
  readonly targetPassword: boolean;
  /** True when root is among those as whom commands may run. */
  readonly asRoot: boolean;
  /** True when every command is allowed. */
  readonly all: boolean;
  /** True when every command is allowed as root without a password. */
  readonly allFree: boolean;
}

export interface SudoRules {
  /** The rules that hold for an account on this host. */
  readonly rightsOf: (subject: SudoSubject) => readonly SudoRight[];
  /** Rules that held for none of the subjects asked about: users of a directory, leftovers, other hosts. */
  readonly unused: () => readonly SudoRight[];
}

/** How passwords are asked for. */
interface Habits {
  readonly open: boolean;
  readonly targetPassword: boolean;
}

interface Surroundings extends Habits {
  readonly members: ReadonlyMap<string, SudoAlias>;
  /** As whom commands run where a rule says nothing. */
  readonly runAsDefault: string;
}

type Verdict = boolean | undefined;
type Test = (entry: string) => Verdict;

const maxListed = 50;

export function createSudoRules({ rules, aliases, defaults }: Sudoers, hostName: string): SudoRules {
  const members = new Map<string, SudoAlias>(aliases.map((alias) => [`${alias.type} ${alias.name}`, alias]));
  const used = new Set<SudoRule>();
  const hostNames = new Set([hostName.toLowerCase(), hostName.toLowerCase().split('.')[0] ?? '']);
  const isHere: Test = (entry) =>
    isAddressLike(entry) || [...hostNames].some((name) => matchesGlob(name, entry.toLowerCase())) || undefined;
  const runAsDefault = lastSetting(defaults, /^runas_default\s*=\s*"?([^"]*)"?$/) ?? 'root';
  /** Whether a setting holds for somebody at last: "!NAME" takes back what stood before. */
  const holds = (subject: SudoSubject, names: readonly string[]): boolean => {
    const test = isSubject(subject);
    const mine = defaults.filter(
      ({ scope }) =>
        scope === '' || (scope.startsWith(':') && matchList([scope.slice(1)], 'User_Alias', members, test) === true),
    );
    return names.some((name) => {
      const last = mine.flatMap(({ settings }) => settings.filter((one) => one.replace(/^!/, '') === name)).at(-1);
      return name === 'authenticate' ? last === '!authenticate' : last === name;
    });
  };
  const held = rules.filter(({ hosts }) => matchList(hosts, 'Host_Alias', members, isHere) === true);
  const index = indexRules(held, members);
  const describe = (rule: SudoRule & Place, habits: Habits): SudoRight =>
    describeRule(rule, { members, runAsDefault, ...habits });

  return {
    rightsOf: (subject) => {
      const test = isSubject(subject);
      const memo = new Map<string, Verdict>();
      const mine = index
        .mayHold(subject)
        .filter(({ users }) => matchList(users, 'User_Alias', members, test, memo) === true);
      if (mine.length === 0) return [];
      const open = holds(subject, ['authenticate']);
      const targetPassword = holds(subject, ['targetpw', 'rootpw', 'runaspw']);
      for (const rule of mine) used.add(rule);
      return mine.map((rule) => describe(rule, { open, targetPassword }));
    },
    unused: () =>
      rules.filter((rule) => !used.has(rule)).map((rule) => describe(rule, { open: false, targetPassword: false })),
  };
}

/**
 * True when the list includes what `test` knows, false when it excludes it, undefined when it says nothing. Aliases are looked up once a list (`memo`),
 * so that aliases of aliases cost no more than they are long; one that contains itself says nothing.
 */
function matchList(
  entries: readonly string[],
  kind: AliasKind,
  aliases: ReadonlyMap<string, SudoAlias>,
  test: Test,
  memo = new Map<string, Verdict>(),
): Verdict {
  let verdict: Verdict;
  for (const entry of entries) {
    const plain = entry.replace(/^!+/, '');
    const isNegated = (entry.length - plain.length) % 2 === 1;
    const key = `${kind} ${plain}`;
    let found: Verdict = plain === 'ALL' ? true : memo.get(key);
    if (found === undefined && plain !== 'ALL' && !memo.has(key)) {
      memo.set(key, undefined);
      const alias = aliases.get(key);
      found = alias ? matchList(alias.members, kind, aliases, test, memo) : test(plain);
      memo.set(key, found);
    }
    if (found !== undefined) verdict = found !== isNegated;
  }
  return verdict;
}

function isSubject({ name, uid, groups }: SudoSubject): Test {
  const names = new Set(groups.map((group) => group.name));
  const gids = new Set(groups.map(({ gid }) => String(gid)));
  return (entry) => {
    if (entry.startsWith('%#')) return gids.has(entry.slice(2)) || undefined;
    if (entry.startsWith('%')) return names.has(entry.replace(/^%:?/, '')) || undefined;
    if (entry.startsWith('#')) return (uid !== undefined && entry === `#${uid}`) || undefined;
    return entry === name || undefined;
  };
}

/** Addresses, networks and netgroups are taken to mean this host: a right is told once too often rather than not at all. */
function isAddressLike(entry: string): boolean {
  return entry.startsWith('+') || /^[\d.]+(\/[\d.]+)?$/.test(entry) || entry.includes(':');
}

function lastSetting(defaults: Sudoers['defaults'], setting: RegExp): string | undefined {
  return defaults
    .flatMap(({ scope, settings }) => (scope === '' ? settings : []))
    .flatMap((one) => setting.exec(one)?.[1] ?? [])
    .at(-1);
}

function describeRule(
  { users, commands, file, line }: SudoRule & Place,
  { members, runAsDefault, open, targetPassword }: Surroundings,
): SudoRight {
  const memo = new Map<string, Verdict>();
  const isRoot: Test = (entry) => entry === 'root' || entry === '#0' || undefined;
  const everything: Test = () => undefined;
  const targets = commands.map(({ runAsUsers, runAsGroups }) =>
    // "(:group)" runs as the user himself, "()" too.
    runAsUsers === undefined ? [runAsDefault] : runAsUsers.length === 0 && runAsGroups ? [] : runAsUsers,
  );
  const entries = commands.map(({ command, tags }, at) => ({
    command,
    isGiven: !command.startsWith('!'),
    // A tag has more to say than the defaults.
    isFree: tags.includes('NOPASSWD') || (open && !tags.includes('PASSWD')),
    asRoot: matchList(targets[at] ?? [], 'Runas_Alias', members, isRoot, memo) === true,
    isAll: matchList([command], 'Cmnd_Alias', members, everything) === true,
  }));
  const given = entries.filter(({ isGiven }) => isGiven);
  const withoutPassword = given.some(({ isFree }) => isFree);
  return {
    tool: 'sudo',
    file,
    line,
    who: users.slice(0, maxListed).join(', '),
    runAs: [...new Set(targets.flat())].slice(0, maxListed).join(', '),
    commands: commands.slice(0, maxListed).map(({ command }) => command),
    targetPassword,
    withoutPassword,
    withPassword: withoutPassword
      ? given
          .filter(({ isFree }) => !isFree)
          .slice(0, maxListed)
          .map(({ command }) => command)
      : [],
    asRoot: given.some(({ asRoot }) => asRoot),
    all: entries.some(({ isAll }) => isAll),
    allFree: entries.some(({ isAll, isFree, asRoot }) => isAll && isFree && asRoot),
  };
}
