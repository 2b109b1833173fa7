import { weakAlgorithms } from '../../src/linux/accounts/parse-shadow.ts';
import type { Account } from './elements.ts';
import type { Facts } from './read-accounts.ts';
import type { Database } from './read-database.ts';

/** Groups whose members can make themselves root. */
const powerfulGroups = new Set(['docker', 'lxd', 'incus-admin', 'libvirt', 'disk', 'kmem', 'shadow']);

export interface Judge {
  /** What is unusual or weak about an account, each with its reason. Names of others stand behind the first colon. */
  readonly notesOn: (facts: Facts, account: Account) => readonly string[];
}

export function createJudge(database: Database, nowMs: number): Judge {
  const byUid = Map.groupBy(database.passwd, ({ uid }) => uid);
  const byName = Map.groupBy(database.passwd, ({ name }) => name);
  return {
    notesOn: (facts, account) => [
      ...identityNotes(facts, byUid, byName),
      ...passwordNotes(facts, account, database, nowMs),
      ...shellNotes(facts, account, database),
      ...homeNotes(facts, account),
      ...rightNotes(facts, account),
    ],
  };
}

type Index<Key> = ReadonlyMap<Key, readonly { readonly name: string }[]>;

function identityNotes({ entry, name }: Facts, byUid: Index<number>, byName: Index<string>): readonly string[] {
  if (!entry) return ['stands in shadow but not in passwd'];
  const others = (byUid.get(entry.uid) ?? []).map((other) => other.name).filter((other) => other !== name);
  return [
    ...(entry.uid === 0 && name !== 'root' ? ['is root by its user id 0'] : []),
    ...(others.length > 0 ? [`shares its user id with: ${[...new Set(others)].slice(0, 10).join(', ')}`] : []),
    ...((byName.get(name)?.length ?? 0) > 1 ? ['its name stands in passwd more than once'] : []),
    ...(/^[a-z_][a-z0-9_.-]*\$?$/i.test(name) ? [] : ['its name has characters that names do not have']),
  ];
}

function passwordNotes(facts: Facts, account: Account, database: Database, nowMs: number): readonly string[] {
  const { entry, password, shadow } = facts;
  const hasNoLine = entry?.passwordField === 'shadow' && database.shadow !== undefined && shadow === undefined;
  return [
    ...(account.password === 'empty' ? ['has an empty password'] : []),
    ...(hasNoLine ? ['stands in passwd but not in shadow'] : []),
    ...(entry?.passwordField === 'here' && password?.algorithm !== undefined
      ? ['its password hash stands in passwd, which everybody can read']
      : []),
    ...(account.password === 'hashed' && weakAlgorithms.has(account.algorithm ?? '')
      ? [`its password is hashed with ${account.algorithm}, which is weak`]
      : []),
    ...(shadow?.changedDay === 0 ? ['must change its password at the next login'] : []),
    ...((shadow?.changedDay ?? 0) * 86_400_000 > nowMs + 86_400_000 ? ['its password was changed in the future'] : []),
  ];
}

function shellNotes(facts: Facts, account: Account, { firstUid }: Database): readonly string[] {
  const { entry, login } = facts;
  const { shellstate, password } = account;
  const hasShell = shellstate === 'listed' || shellstate === 'not listed';
  const isSystem = entry !== undefined && entry.uid !== 0 && entry.uid < firstUid;
  return [
    ...(shellstate === 'not listed' ? ['its shell is not in /etc/shells'] : []),
    ...(shellstate === 'missing' ? ['its shell does not exist'] : []),
    ...(isSystem && hasShell && password === 'hashed' ? ['is a system account with a shell and a password'] : []),
    ...(isSystem && hasShell && (account.keys ?? 0) > 0
      ? ['is a system account with a shell and keys that let it in']
      : []),
    ...(shellstate === 'no login' && login ? ['logged in although its shell is none'] : []),
  ];
}

function homeNotes({ openKeyFiles, entry }: Facts, { homestate, login }: Account): readonly string[] {
  const mayLogIn = login !== false;
  return [
    ...(homestate === 'writable by others' && entry?.home !== '/' && mayLogIn
      ? ['its home is writable by others']
      : []),
    ...(homestate === 'of another owner' && mayLogIn ? ['its home belongs to another account'] : []),
    ...openKeyFiles.map((file) => `another account can change its keys: ${file}`),
  ];
}

function rightNotes({ entry, rights, groups }: Facts, account: Account): readonly string[] {
  const free = rights.filter(({ allFree }) => allFree);
  const powerful = groups.filter(({ name }) => powerfulGroups.has(name)).map(({ name }) => name);
  const isRoot = entry?.uid === 0;
  return [
    ...(isRoot
      ? []
      : free.map(
          ({ tool, file, line }) => `may run everything as root without a password (${tool}, ${file} line ${line})`,
        )),
    ...(isRoot || powerful.length === 0 ? [] : [`is in ${powerful.join(', ')}, which amounts to root`]),
    ...(!isRoot && entry?.gid === 0 && account.login !== false ? ['has the group of root'] : []),
  ];
}
