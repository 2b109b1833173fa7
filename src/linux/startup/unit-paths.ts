import { inHome, type StartAccount } from './start-point.ts';

/** The folders of unit files, those first whose files hide others of the same name. Source: systemd.unit(5). */
export const systemUnitFolders: readonly string[] = [
  '/etc/systemd/system.control',
  '/run/systemd/system.control',
  '/run/systemd/transient',
  '/run/systemd/generator.early',
  '/etc/systemd/system',
  '/etc/systemd/system.attached',
  '/run/systemd/system',
  '/run/systemd/system.attached',
  '/run/systemd/generator',
  '/usr/local/lib/systemd/system',
  '/usr/lib/systemd/system',
  '/lib/systemd/system',
  '/run/systemd/generator.late',
];

/** The folders of units that every user's manager reads. */
export const sharedUserUnitFolders: readonly string[] = [
  '/etc/xdg/systemd/user',
  '/etc/systemd/user',
  '/run/systemd/user',
  '/usr/local/share/systemd/user',
  '/usr/share/systemd/user',
  '/usr/local/lib/systemd/user',
  '/usr/lib/systemd/user',
  '/lib/systemd/user',
];

/** The folders of one user's own units. */
export function ownUnitFolders(account: StartAccount): readonly string[] {
  const { uid } = account;
  return [
    inHome(account, '.config/systemd/user.control'),
    `/run/user/${uid}/systemd/user.control`,
    `/run/user/${uid}/systemd/transient`,
    `/run/user/${uid}/systemd/generator.early`,
    inHome(account, '.config/systemd/user'),
    `/run/user/${uid}/systemd/user`,
    `/run/user/${uid}/systemd/generator`,
    inHome(account, '.local/share/systemd/user'),
    `/run/user/${uid}/systemd/generator.late`,
  ];
}
