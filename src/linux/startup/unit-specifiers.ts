import { inHome, type StartAccount } from './start-point.ts';

/** What the % words of a unit stand for with a manager: systemd.unit(5), "Specifiers". Those that depend on the unit or the machine are left out. */
export type Specifiers = Readonly<Record<string, string>>;

export const systemSpecifiers: Specifiers = {
  '%h': '/root',
  '%u': 'root',
  '%U': '0',
  '%t': '/run',
  '%S': '/var/lib',
  '%C': '/var/cache',
  '%L': '/var/log',
  '%E': '/etc',
  '%T': '/tmp',
  '%V': '/var/tmp',
  '%%': '%',
};

/** Folders as they are where the account did not choose others (XDG_CONFIG_HOME and the like). */
export function userSpecifiers(account: StartAccount): Specifiers {
  const { name, uid, home } = account;
  return {
    '%h': home,
    '%u': name,
    '%U': String(uid),
    '%t': `/run/user/${uid}`,
    '%S': inHome(account, '.local/state'),
    '%C': inHome(account, '.cache'),
    '%L': inHome(account, '.local/state/log'),
    '%E': inHome(account, '.config'),
    '%T': '/tmp',
    '%V': '/var/tmp',
    '%%': '%',
  };
}

/** The text with what is known put in; the rest stays as it is written. */
export function resolveSpecifiers(text: string, specifiers: Specifiers): string {
  return text.replace(/%[a-zA-Z%]/g, (token) => specifiers[token] ?? token);
}
