import { realpathSync } from 'node:fs';
import { messageOf } from '../../src/base/app-error.ts';
import type { KeyOption } from '../../src/linux/ssh/parse-key-line.ts';
import { findModeProblem } from '../../src/linux/sshd/check-strict-modes.ts';
import { accountRefusals, hasStrictModes, keyPlacesOf, needsCommand } from '../../src/linux/sshd/login-rules.ts';
import type { SshdSetting } from '../../src/linux/sshd/parse-sshd-config.ts';
import { readAccounts, type Account } from '../../src/linux/sshd/read-accounts.ts';
import { decodePath, encodePath } from '../../src/search/walk/path-text.ts';
import type { Login } from './elements.ts';
import type { Host } from './host.ts';
import type { Problems } from './problems.ts';

/** Which accounts of this host read which files of keys. */
export interface LoginIndex {
  readonly accounts: readonly Account[];
  /** Every file in which the server looks for keys, there or not. */
  readonly places: readonly string[];
  /** True where the server reads keys from this file; a path that ends in a link must have been resolved. */
  readonly isKeyFile: (path: string) => boolean;
  /** The accounts that a key of this file opens, the first hundred of them, and how many more there are. */
  readonly loginsAt: (path: string, options: readonly KeyOption[]) => Logins;
  readonly ownerName: (uid: number) => string;
}

export interface Logins {
  readonly listed: readonly Login[];
  readonly more: number;
}

/** A file for all accounts of a large host must not fill the result. */
const maxLogins = 100;

interface Reader {
  readonly account: Account;
  readonly isConditional: boolean;
}

export function createLoginIndex(
  host: Host,
  settings: readonly SshdSetting[],
  problems: Problems,
  nowMs: number,
): LoginIndex {
  const accounts = readOrNone(host, problems);
  const readers = new Map<string, Reader[]>();
  for (const account of accounts) {
    for (const { path, isConditional } of keyPlacesOf(account, settings)) {
      for (const spelling of new Set([path, realPath(path)])) {
        const known = readers.get(spelling) ?? [];
        readers.set(spelling, known);
        if (known.at(-1)?.account !== account) known.push({ account, isConditional });
      }
    }
  }
  const readersOf = (path: string): readonly Reader[] => readers.get(path) ?? readers.get(realPath(path)) ?? [];
  const names = new Map<number, string>();
  for (const { uid, name } of accounts) if (!names.has(uid)) names.set(uid, name);
  // A file of many keys is judged once for each account.
  const judged = new Map<string, readonly { readonly reader: Reader; readonly refusals: readonly string[] }[]>();
  return {
    accounts,
    places: [...readers.keys()],
    isKeyFile: (path) => readers.has(path),
    loginsAt: (path, options) => {
      let entries = judged.get(path);
      if (!entries) {
        entries = readersOf(path)
          .slice(0, maxLogins)
          .map((reader) => ({ reader, refusals: fileRefusals(path, reader.account, settings) }));
        judged.set(path, entries);
      }
      return {
        listed: entries.map(({ reader, refusals }) => toLogin(reader, refusals, options, settings, nowMs)),
        more: readersOf(path).length - entries.length,
      };
    },
    ownerName: (uid) => names.get(uid) ?? String(uid),
  };
}

function readOrNone(host: Host, problems: Problems): readonly Account[] {
  try {
    return readAccounts({ passwd: host.passwdFile, group: host.groupFile });
  } catch (error) {
    problems.add(
      `the accounts of this host could not be read, so it is not told whom keys let in: ${messageOf(error)}`,
    );
    return [];
  }
}

/** The path without links; the path itself where there is nothing, or nothing to be seen. */
export function realPath(path: string): string {
  try {
    return decodePath(realpathSync.native(encodePath(path), { encoding: 'buffer' }));
  } catch {
    return path; // whoever opens it says why it cannot be read
  }
}

function fileRefusals(path: string, account: Account, settings: readonly SshdSetting[]): readonly string[] {
  const problem = hasStrictModes(account, settings) ? findModeProblem(path, account, encodePath) : undefined;
  return [...accountRefusals(account, settings), ...(problem === undefined ? [] : [`StrictModes: ${problem}`])];
}

function toLogin(
  { account, isConditional }: Reader,
  fileRefusals: readonly string[],
  options: readonly KeyOption[],
  settings: readonly SshdSetting[],
  nowMs: number,
): Login {
  const has = (name: string): boolean => options.some((option) => option.name === name);
  const refusals = [
    ...fileRefusals,
    ...(needsCommand(account, settings) && !has('command') ? ['PermitRootLogin asks for a key with a command'] : []),
    ...(isExpired(options, nowMs) ? ['its expiry-time is over'] : []),
  ];
  const notes = [
    ...(isConditional ? ['only for the connections that a Match block names'] : []),
    ...(/\/(nologin|false)$/.test(account.shell) ? [`its shell is ${account.shell}: no commands, but forwarding`] : []),
    ...(has('cert-authority') ? ['by certificates that this key has signed'] : []),
  ];
  return {
    account: account.name,
    accepted: refusals.length === 0,
    ...(refusals.length === 0 ? {} : { refusals }),
    ...(notes.length === 0 ? {} : { notes }),
  };
}

/** expiry-time is YYYYMMDD[HHMM[SS]], in the host's time unless Z stands behind it; sshd(8). */
function isExpired(options: readonly KeyOption[], nowMs: number): boolean {
  const value = options.find(({ name }) => name === 'expiry-time')?.value;
  const parts = /^(\d{4})(\d\d)(\d\d)(?:(\d\d)(\d\d)(\d\d)?)?(Z?)$/i.exec(value ?? '');
  if (!parts) return false;
  const [, year, month, day, hour = '00', minute = '00', second = '00', zone] = parts;
  const timeMs = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}${zone === '' ? '' : 'Z'}`);
  return timeMs <= nowMs;
}
