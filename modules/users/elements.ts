/** What users answers, as it travels. A key is there only when it says something; what could not be read is absent, never guessed. */

/** A rule of sudo or doas. */
export interface Right {
  readonly tool: 'sudo' | 'doas';
  readonly file: string;
  readonly line: number;
  /** Whom the rule names: "alice", "%sudo". */
  readonly who: string;
  readonly runas: string;
  readonly commands: readonly string[];
  /** Whether at least one command needs no password. */
  readonly nopasswd: boolean;
  /** The commands that need one all the same; absent when there are none, or all do. */
  readonly passwdfor?: readonly string[];
  /** True where the password of the target is asked for (targetpw, rootpw): the rule gives nothing to who does not know it. Absent otherwise. */
  readonly targetpassword?: true;
  /** Whether root is among those as whom the commands may run. */
  readonly root: boolean;
}

export interface LastLogin {
  /** RFC 3339, UTC. */
  readonly time: string;
  /** Host name or address; absent for a login at the machine. */
  readonly from?: string;
  readonly tty?: string;
  /** The record that tells it. */
  readonly source: string;
}

export interface Account {
  readonly user: string;
  /** Absent, as gid, home and shell, for a name that has no line in passwd. */
  readonly uid?: number;
  readonly gid?: number;
  readonly comment?: string;
  readonly home?: string;
  readonly homestate?: 'right' | 'missing' | 'of another owner' | 'writable by others';
  readonly shell?: string;
  readonly shellstate?: 'listed' | 'not listed' | 'missing' | 'no login';
  /** The primary group first. */
  readonly groups: readonly string[];
  /** Whether it can log in: a shell, and a password or a key, and neither expired nor inactive; null when what tells it could not be read. */
  readonly login: boolean | null;
  /** The day on which it was closed because its password had not been changed in time; absent for others. */
  readonly inactivesince?: string;
  readonly password: 'locked' | 'empty' | 'hashed' | 'unknown';
  /** The name of the hash, never the hash. */
  readonly algorithm?: string;
  /** Days, "2026-11-21". */
  readonly changed?: string;
  readonly agedays?: number;
  readonly passwordexpires?: string;
  readonly accountexpires?: string;
  readonly sudo: readonly Right[];
  readonly lastlogin?: LastLogin;
  /** Sessions open now. */
  readonly sessions?: number;
  readonly failedlogins?: number;
  /** Keys in its authorized_keys. */
  readonly keys?: number;
  /** What is unusual or weak. What identifies somebody else stands behind the first colon. */
  readonly notes: readonly string[];
}

export interface Group {
  readonly group: string;
  readonly gid: number;
  readonly members: readonly string[];
  readonly notes: readonly string[];
}

export interface Elements {
  readonly accounts: readonly Account[];
  /** Only when asked for. */
  readonly groups?: readonly Group[];
  /** Rules that hold for no account of this host's own; only when no condition on accounts was given. */
  readonly unboundrules?: readonly Right[];
  /** What is wrong with the files themselves; only when no condition on accounts was given. */
  readonly notes?: readonly string[];
}

export interface Statistics {
  /** Accounts looked at. */
  readonly examined: number;
  /** A duration as Go prints it. */
  readonly exectime: string;
  readonly totalhits: number;
}
