import { release } from 'node:os';
import { parsePasswd } from '../../src/linux/accounts/parse-passwd.ts';
import { createHostFiles, type HostFiles } from '../../src/linux/host/host-files.ts';
import { parseAccounts } from '../../src/linux/sshd/read-accounts.ts';
import type { StartAccount, StartHost } from '../../src/linux/startup/start-point.ts';
import { decodeLatin1Path, encodePath } from '../../src/search/walk/path-text.ts';

/** The host whose start points are looked for; a test brings a tree of its own. */
export interface Host extends StartHost {
  readonly root: string;
}

const maxPasswdBytes = 16 * 1024 * 1024;
const maxHomes = 10_000;
const maxLogins = 10_000;

export function openHost(root = '/', kernel = release()): Host {
  const files = createHostFiles({ codec: { decodeLatin1: decodeLatin1Path, encode: encodePath }, root });
  const passwd = files.readText('/etc/passwd', maxPasswdBytes) ?? '';
  const { entries, unparsed, nis } = parsePasswd(passwd);
  files.problems.addUnparsed('/etc/passwd', unparsed);
  const homes = new Map<string, StartAccount>();
  for (const { name, uid, home } of entries) {
    const place = home.startsWith('/') ? files.resolve(home) : undefined;
    // Accounts that share a home share its files; programs and devices are no homes.
    if (place === undefined || homes.has(place) || /^\/(usr\/)?(s?bin|dev|proc|sys)(\/|$)/.test(place)) continue;
    if (homes.size < maxHomes) homes.set(place, { name, uid, home: home.replace(/\/$/, '') || '/' });
    else files.problems.add(`more than ${maxHomes} homes, the others were not looked at`);
  }
  const names = new Map(entries.toReversed().map(({ uid, name }) => [uid, name]));
  const known = new Set(entries.map(({ name }) => name));
  const isComplete = known.size > 0 && nis.count === 0 && unparsed.count === 0 && !asksDirectory(files);
  const lacksAccount = (name: string): boolean => isComplete && !known.has(name);
  const logins = parseAccounts(passwd, files.readText('/etc/group', maxPasswdBytes) ?? '');
  if (logins.length > maxLogins)
    files.problems.add(`more than ${maxLogins} accounts, keys of the others were not looked at`);
  const accounts = [...homes.values()];
  return { root, files, kernel, names, lacksAccount, accounts, logins: logins.slice(0, maxLogins) };
}

/** Whether accounts may come from a directory in the network: nsswitch.conf(5). */
function asksDirectory(files: HostFiles): boolean {
  const services = /^\s*passwd:([^#\n]*)/m.exec(files.readText('/etc/nsswitch.conf') ?? '')?.[1] ?? '';
  return services
    .split(/\s+/)
    .some((service) => /^[a-z]/.test(service) && !/^(files|compat|db|systemd)$/.test(service));
}
