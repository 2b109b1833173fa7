import type { HostFiles } from '../host/host-files.ts';
import type { Account } from '../sshd/read-accounts.ts';

/** What is read to find start points. */
export interface StartHost {
  readonly files: HostFiles;
  /** Accounts whose homes are looked at: one a home, and only where there is one. */
  readonly accounts: readonly StartAccount[];
  /** All accounts, whatever their homes: keys that let one in may stand elsewhere. */
  readonly logins: readonly Pick<Account, 'name' | 'uid' | 'home' | 'groups'>[];
  /** True for a name that no account has; false where a directory in the network may know it. */
  readonly lacksAccount: (name: string) => boolean;
  /** Names of all accounts by id. */
  readonly names: ReadonlyMap<number, string>;
  /** The running kernel, as `uname -r` says: its folder below /lib/modules. */
  readonly kernel: string;
}

export interface StartAccount {
  readonly name: string;
  readonly uid: number;
  readonly home: string;
}

/** A file in the home of an account. */
export function inHome({ home }: StartAccount, file: string): string {
  return `${home === '/' ? '' : home}/${file}`;
}

/**
 * enabled: it starts by itself when its time comes; on demand: something else starts it; disabled: it is there and does not start; masked: it is switched
 * off for good; overridden: a file of a higher folder stands in its place.
 */
export type StartState = 'enabled' | 'on demand' | 'disabled' | 'masked' | 'overridden';

/** A place from which code starts again. */
export interface StartPoint {
  /** The file that makes it start. */
  readonly path: string;
  /** From 1, where the file has several. */
  readonly line?: number;
  readonly name: string;
  /** What is started, as it is written; empty when the file itself is the code. */
  readonly commands: readonly string[];
  /** Programs and libraries besides the file whose code runs, as paths or names to be looked up in the PATH. */
  readonly programs: readonly string[];
  /** An account, "root", or "whoever logs in". */
  readonly runsAs: string;
  readonly when: string;
  readonly state: StartState;
  /** True when the file's own text is code whose lines are worth a look. */
  readonly isScript: boolean;
  /** What the reader itself finds unusual. */
  readonly notes: readonly string[];
}

/** Start points one by one. Undefined means "nothing yet": between two homes, say, whoever reads may do something else. */
export type StartReader = (host: StartHost) => Iterable<StartPoint | undefined>;

/** A point with what is usual: root, enabled, commands whose programs are to be found. */
export function startPoint(point: Pick<StartPoint, 'path' | 'name' | 'when'> & Partial<StartPoint>): StartPoint {
  return { commands: [], programs: [], runsAs: 'root', state: 'enabled', isScript: false, notes: [], ...point };
}

/** Commands a point is told with at most. */
export const maxCommands = 20;
