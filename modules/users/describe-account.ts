import type { SudoRight } from '../../src/linux/accounts/find-sudo-rights.ts';
import { isWritableByOthers } from '../../src/linux/host/host-files.ts';
import type { Account, LastLogin, Right } from './elements.ts';
import type { Facts } from './read-accounts.ts';
import type { Database } from './read-database.ts';

const dayMs = 86_400_000;
/** login.defs and useradd write this for "never". */
const neverDays = 99_999;

/** The facts as they travel, without notes. */
export function describeAccount(facts: Facts, database: Database, nowMs: number): Account {
  const { name, entry, password, groups, rights, login, sessions, failed, keys } = facts;
  const shellstate = shellStateOf(facts, database);
  return {
    user: name,
    ...(entry ? describeEntry(facts) : {}),
    ...(shellstate === undefined ? {} : { shellstate }),
    groups: groups.map((group) => group.name),
    login: canLogIn(facts, shellstate, nowMs),
    ...inactiveSince(facts, nowMs),
    password: password?.state ?? 'unknown',
    ...(password?.algorithm === undefined ? {} : { algorithm: password.algorithm }),
    ...describeAges(facts, nowMs),
    sudo: rights.map(toRight),
    ...(login ? { lastlogin: describeLogin(login) } : {}),
    ...(sessions > 0 ? { sessions } : {}),
    ...(failed === undefined ? {} : { failedlogins: failed }),
    ...(keys === undefined ? {} : { keys }),
    notes: [],
  };
}

export function toRight(right: SudoRight): Right {
  const { tool, file, line, who, runAs, commands, withoutPassword, targetPassword, asRoot } = right;
  const habits = {
    nopasswd: withoutPassword,
    ...(right.withPassword.length > 0 ? { passwdfor: right.withPassword } : {}),
    ...(targetPassword ? { targetpassword: true as const } : {}),
  };
  return { tool, file, line, who, runas: runAs, commands, ...habits, root: asRoot };
}

/** When the password was changed, in milliseconds; undefined when that is not recorded, or a change is due at the next login. */
export function changedMs({ shadow }: Facts): number | undefined {
  return shadow?.changedDay ? shadow.changedDay * dayMs : undefined;
}

function describeEntry({ entry, home }: Facts): Partial<Account> {
  if (!entry) return {};
  const { uid, gid, comment, shell } = entry;
  const homestate =
    home === undefined
      ? 'missing'
      : isWritableByOthers(home)
        ? 'writable by others'
        : home.uid === uid
          ? 'right'
          : 'of another owner';
  return { uid, gid, ...(comment === '' ? {} : { comment }), home: entry.home, homestate, shell };
}

function shellStateOf({ entry, shell }: Facts, { shells }: Database): Account['shellstate'] {
  if (!entry) return undefined;
  // Programs that some distributions put there in place of a shell.
  if (/\/(nologin|false|true|sync|shutdown|halt|git-shell)$/.test(entry.shell)) return 'no login';
  if (shell === undefined) return 'missing';
  // Where there is no list, nothing can be missing from it.
  return entry.shell === '' || shells.size === 0 || shells.has(entry.shell) ? 'listed' : 'not listed';
}

function canLogIn(facts: Facts, shellstate: Account['shellstate'], nowMs: number): Account['login'] {
  const { password, keys, shadow } = facts;
  if (shellstate === undefined || shellstate === 'no login' || shellstate === 'missing') return false;
  if (shadow?.expireDay !== undefined && shadow.expireDay * dayMs <= nowMs) return false;
  if (inactiveSince(facts, nowMs).inactivesince !== undefined) return false;
  // Without shadow(5) it is not known whether the account is expired, keys or not.
  if (password === undefined) return null;
  if (password.state !== 'locked') return true;
  return keys === undefined ? null : keys > 0;
}

/** A password that was not changed in time closes the account, to keys as well: shadow(5), pam_unix(8). */
function inactiveSince({ shadow }: Facts, nowMs: number): Pick<Account, 'inactivesince'> {
  const { changedDay, maxDays, inactiveDays } = shadow ?? {};
  // A change that is due at once (day 0) is asked for at the login instead.
  if (!changedDay || maxDays === undefined || inactiveDays === undefined) return {};
  const atMs = (changedDay + maxDays + inactiveDays) * dayMs;
  return atMs <= nowMs ? { inactivesince: formatDay(atMs) } : {};
}

function describeAges(facts: Facts, nowMs: number): Partial<Account> {
  const { maxDays, expireDay, changedDay } = facts.shadow ?? {};
  const atMs = changedMs(facts);
  const hasLimit = maxDays !== undefined && maxDays < neverDays && changedDay !== undefined;
  return {
    ...(atMs === undefined ? {} : { changed: formatDay(atMs), agedays: Math.floor((nowMs - atMs) / dayMs) }),
    ...(hasLimit ? { passwordexpires: formatDay((changedDay + maxDays) * dayMs) } : {}),
    ...(expireDay === undefined ? {} : { accountexpires: formatDay(expireDay * dayMs) }),
  };
}

function describeLogin({ timeMs, from, tty, source }: NonNullable<Facts['login']>): LastLogin {
  return {
    time: new Date(timeMs).toISOString().replace('.000Z', 'Z'),
    ...(from === '' ? {} : { from }),
    ...(tty === '' ? {} : { tty }),
    source,
  };
}

/** "2026-11-21"; shadow has days of any size. */
function formatDay(ms: number): string {
  return new Date(Math.min(ms, 8.64e15)).toISOString().replace(/T.*$/, '');
}
