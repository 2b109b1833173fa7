import { autostartFolders } from './folders-by-kind.ts';
import { lastValue, parseIni } from './parse-ini.ts';
import { programsOf } from './programs-of.ts';
import { readScriptFolders } from './script-folders.ts';
import { inHome, startPoint, type StartHost, type StartPoint } from './start-point.ts';

const everybody = 'whoever logs in';

/** Desktop entries that sessions start (XDG autostart), of the system and of users, and scripts of X sessions. */
export function* readAutostart(host: StartHost): Generator<StartPoint | undefined> {
  yield* readEntries(host, '/etc/xdg/autostart', everybody);
  for (const account of host.accounts) {
    yield undefined;
    yield* readEntries(host, inHome(account, '.config/autostart'), account.name);
  }
  yield* readScriptFolders(host, autostartFolders);
  yield* readLightdm(host);
}

const lightdmKeys =
  /^((display|greeter|session)-(setup|cleanup|stopped)-script|(session|greeter)-wrapper|(xserver|xmir)-command)$/;

/** Programs that LightDM runs around a session. */
function* readLightdm({ files }: StartHost): Generator<StartPoint> {
  const folders = ['/usr/share/lightdm/lightdm.conf.d', '/etc/lightdm/lightdm.conf.d'];
  const snippets = folders.flatMap((folder) => files.list(folder).map((name) => `${folder}/${name}`));
  for (const path of [...snippets.filter((name) => name.endsWith('.conf')), '/etc/lightdm/lightdm.conf']) {
    for (const { key, value, line } of parseIni(files.readText(path) ?? '')) {
      if (!lightdmKeys.test(key) || value === '') continue;
      const when = 'graphical login (LightDM)';
      yield startPoint({ path, line, name: key, commands: [value], programs: programsOf(value), when });
    }
  }
}

function* readEntries({ files }: StartHost, folder: string, runsAs: string): Generator<StartPoint> {
  for (const name of files.list(folder).filter((one) => one.endsWith('.desktop'))) {
    const path = `${folder}/${name}`;
    const entries = parseIni(files.readText(path) ?? '');
    const value = (key: string): string | undefined => lastValue(entries, 'Desktop Entry', key);
    const command = value('Exec');
    const desktops =
      value('OnlyShowIn')
        ?.split(';')
        .filter((desktop) => desktop !== '') ?? [];
    const isOff =
      /^true$/i.test(value('Hidden') ?? '') ||
      /^false$/i.test(value('X-GNOME-Autostart-enabled') ?? '') ||
      command === undefined;
    yield startPoint({
      path,
      name,
      commands: command === undefined ? [] : [command],
      programs: command === undefined ? [] : programsOf(command.replace(/%[a-zA-Z]/g, '')),
      runsAs,
      when: `graphical login${desktops.length > 0 ? ` (${desktops.slice(0, 10).join(', ')})` : ''}`,
      state: isOff ? 'disabled' : 'enabled',
    });
  }
}

/** Services that D-Bus starts when somebody calls them. */
export function* readDbus({ files, accounts }: StartHost): Generator<StartPoint | undefined> {
  const folders = [
    ...['/etc/dbus-1', '/usr/local/share/dbus-1', '/usr/share/dbus-1', '/lib/dbus-1'].flatMap((place) => [
      { folder: `${place}/system-services`, runsAs: 'root' },
      { folder: `${place}/services`, runsAs: everybody },
    ]),
    ...accounts.map((account) => ({
      folder: inHome(account, '.local/share/dbus-1/services'),
      runsAs: account.name,
    })),
  ];
  for (const { folder, runsAs } of folders) {
    yield undefined;
    for (const name of files.list(folder).filter((one) => one.endsWith('.service'))) {
      const path = `${folder}/${name}`;
      const entries = parseIni(files.readText(path) ?? '');
      const command = lastValue(entries, 'D-BUS Service', 'Exec');
      const unit = lastValue(entries, 'D-BUS Service', 'SystemdService');
      const isPlaceholder = command === undefined || /^\/(usr\/)?bin\/false$/.test(command);
      yield startPoint({
        path,
        name: lastValue(entries, 'D-BUS Service', 'Name') ?? name,
        commands: unit === undefined ? [command ?? ''] : [`starts ${unit}`, ...(isPlaceholder ? [] : [command])],
        programs: isPlaceholder ? [] : programsOf(command),
        runsAs: lastValue(entries, 'D-BUS Service', 'User') ?? runsAs,
        when: 'call over D-Bus',
        state: 'on demand',
      });
    }
  }
}
