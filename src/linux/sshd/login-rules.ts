/** Whom a server lets in with a key, by its settings and its accounts. Source: sshd_config(5), OpenSSH's servconf.c and auth.c. */
import { posix } from 'node:path';
import { matchesGlob } from '../accounts/matches-glob.ts';
import { matchPatternList } from './match-pattern.ts';
import type { MatchCriterion, SshdSetting } from './parse-sshd-config.ts';
import type { Account } from './read-accounts.ts';

const defaultKeyFiles = ['.ssh/authorized_keys', '.ssh/authorized_keys2'];

/** Files in which the server looks for keys that open this account. */
export interface KeyPlace {
  readonly path: string;
  /** True where it holds only for some connections: a Match block asks for an address, a host or the like. */
  readonly isConditional: boolean;
}

/** What decides which files and which Match blocks are an account's. */
type NamedAccount = Pick<Account, 'name' | 'uid' | 'home' | 'groups'>;

/** Where the server looks for the keys of an account. */
export function keyPlacesOf(account: NamedAccount, settings: readonly SshdSetting[]): readonly KeyPlace[] {
  const { certain, possible } = valuesFor('authorizedkeysfile', account, settings);
  const places = [
    ...(certain ?? defaultKeyFiles).map((pattern) => ({ pattern, isConditional: false })),
    ...possible.map((pattern) => ({ pattern, isConditional: true })),
  ];
  return places
    .filter(({ pattern }) => pattern.toLowerCase() !== 'none')
    .map(({ pattern, isConditional }) => ({ path: expandPath(pattern, account), isConditional }));
}

/** Why the server does not let this account in with any key; nothing where it does. */
export function accountRefusals(account: Account, settings: readonly SshdSetting[]): readonly string[] {
  const value = (keyword: string): string | undefined =>
    valuesFor(keyword, account, settings).certain?.[0]?.toLowerCase();
  const isNamed = (keyword: string, names: readonly string[]): boolean | undefined => {
    const patterns = listFor(keyword, account, settings);
    return patterns.length === 0
      ? undefined
      : names.some((name) => patterns.some((one) => matchUser(name, one, keyword)));
  };
  return [
    ...(value('pubkeyauthentication') === 'no' ? ['PubkeyAuthentication is no'] : []),
    ...(account.uid === 0 && value('permitrootlogin') === 'no' ? ['PermitRootLogin is no'] : []),
    ...(isNamed('denyusers', [account.name]) ? ['DenyUsers names it'] : []),
    ...(isNamed('allowusers', [account.name]) === false ? ['AllowUsers does not name it'] : []),
    ...(isNamed('denygroups', account.groups) ? ['DenyGroups names a group of it'] : []),
    ...(isNamed('allowgroups', account.groups) === false ? ['AllowGroups names no group of it'] : []),
  ];
}

/** True where root comes in only with a key that is bound to a command. */
export function needsCommand(account: Account, settings: readonly SshdSetting[]): boolean {
  const value = valuesFor('permitrootlogin', account, settings).certain?.[0]?.toLowerCase();
  return account.uid === 0 && value === 'forced-commands-only';
}

/** True unless StrictModes is switched off. */
export function hasStrictModes(account: Account, settings: readonly SshdSetting[]): boolean {
  return valuesFor('strictmodes', account, settings).certain?.[0]?.toLowerCase() !== 'no';
}

/** The path with its tokens filled in; a relative one stands in the home. */
function expandPath(pattern: string, { name, uid, home }: NamedAccount): string {
  const tokens: Readonly<Record<string, string>> = { '%%': '%', '%h': home, '%u': name, '%U': String(uid) };
  const path = pattern.replace(/%[%huU]/g, (token) => tokens[token] ?? token);
  return posix.normalize(path.startsWith('/') ? path : posix.join('/', home, path));
}

/** The values that hold for an account: those of the first Match block that applies, or of the first line outside; and what may hold besides. */
function valuesFor(
  keyword: string,
  account: NamedAccount,
  settings: readonly SshdSetting[],
): { readonly certain: readonly string[] | undefined; readonly possible: readonly string[] } {
  const named = settings.filter((setting) => setting.keyword === keyword);
  const inBlock = named.find(({ match }) => match && appliesTo(match, account) === true);
  const outside = named.find(({ match }) => match === undefined);
  const possible = named.filter(({ match }) => match && appliesTo(match, account) === undefined);
  return { certain: (inBlock ?? outside)?.values, possible: possible.flatMap(({ values }) => values) };
}

/** Lists of names add up over several lines. */
function listFor(keyword: string, account: Account, settings: readonly SshdSetting[]): readonly string[] {
  const named = settings.filter((setting) => setting.keyword === keyword);
  const inBlocks = named.filter(({ match }) => match && appliesTo(match, account) === true);
  const used = inBlocks.length > 0 ? inBlocks : named.filter(({ match }) => match === undefined);
  return used.flatMap(({ values }) => values);
}

/** Undefined where it depends on the connection. */
function appliesTo(match: readonly MatchCriterion[], account: NamedAccount): boolean | undefined {
  const answers = match.map(({ name, patterns }): boolean | undefined => {
    if (name === 'all') return true;
    if (name === 'invalid-user') return false;
    if (name === 'user') return matchPatternList(account.name, patterns);
    if (name === 'group') return account.groups.some((group) => matchPatternList(group, patterns));
    return undefined;
  });
  if (answers.some((answer) => answer === false)) return false;
  return answers.every((answer) => answer === true) ? true : undefined;
}

/** "alice", "a*" or "alice@10.0.0.*"; of the last the host is not known: it may be let in, and may not be kept out. */
function matchUser(name: string, pattern: string, keyword: string): boolean {
  const [user = '', host] = pattern.split('@');
  if (host !== undefined && keyword.startsWith('deny')) return host === '*' && matchesGlob(name, user);
  return matchesGlob(name, user);
}
