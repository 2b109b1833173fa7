import { programsOf } from './programs-of.ts';
import { readScripts } from './script-folders.ts';
import { startPoint, type StartHost, type StartPoint } from './start-point.ts';

/** One line of inittab(5). */
export interface InittabEntry {
  readonly id: string;
  readonly runLevels: string;
  readonly action: string;
  readonly command: string;
  readonly line: number;
}

/** The lines of an inittab, of sysvinit (ID:LEVELS:ACTION:COMMAND) and of busybox (TTY::ACTION:COMMAND). */
export function parseInittab(text: string): readonly InittabEntry[] {
  return text.split('\n').flatMap((raw, index): readonly InittabEntry[] => {
    const content = raw.trim();
    const [id = '', runLevels = '', action = '', ...command] = content.split(':');
    if (content.startsWith('#') || command.length === 0 || index >= 10_000) return [];
    return [{ id, runLevels, action, command: command.join(':').trim(), line: index + 1 }];
  });
}

/** Scripts of System V init and OpenRC with the run levels that start them, inittab, rc.local. */
export function* readInit(host: StartHost): Generator<StartPoint> {
  const { files } = host;
  yield* readInitScripts(host);
  yield* readStrangers(host);
  for (const { id, runLevels, action, command, line } of parseInittab(files.readText('/etc/inittab') ?? '')) {
    if (action === 'initdefault') continue;
    yield startPoint({
      path: '/etc/inittab',
      line,
      name: id === '' ? action : id,
      commands: [command],
      programs: programsOf(command),
      when: runLevels === '' ? action : `run level ${runLevels} (${action})`,
      state: action === 'off' ? 'disabled' : 'enabled',
    });
  }
  const locals = ['/etc/rc.local', '/etc/rc.d/rc.local'].map((path) => ({ path, when: 'boot' }));
  for (const point of readScripts(host, locals)) {
    const isExecutable = ((files.stat(point.path)?.mode ?? 0) & 0o111) !== 0;
    yield { ...point, state: isExecutable ? 'enabled' : 'disabled' };
  }
  const openrc = files.list('/etc/local.d').filter((name) => /\.(start|stop)$/.test(name));
  yield* readScripts(
    host,
    openrc.map((name) => ({ path: `/etc/local.d/${name}`, when: name.endsWith('.start') ? 'boot' : 'shutdown' })),
  );
}

function* readInitScripts({ files }: StartHost): Generator<StartPoint> {
  const levels = startLevels(files);
  const folder = files.stat('/etc/init.d') ? '/etc/init.d' : '/etc/rc.d/init.d';
  for (const name of files.list(folder)) {
    const path = `${folder}/${name}`;
    const stats = files.stat(path);
    if (stats?.isDirectory() || name === 'README' || name === '.depend.boot' || name.startsWith('.depend')) continue;
    const at = levels.get(name) ?? [];
    const isEnabled = at.length > 0 && ((stats?.mode ?? 0) & 0o111) !== 0;
    yield startPoint({
      path,
      name,
      when: at.length > 0 ? `run level ${at.join(', ')}` : 'when something starts it',
      state: isEnabled ? 'enabled' : 'disabled',
      isScript: true,
    });
  }
}

/** What stands in rc2.d and the like and is no link to a script of init.d. */
function* readStrangers({ files }: StartHost): Generator<StartPoint> {
  // systemd starts the scripts of init.d only, whatever stands here.
  const bySystemd = files.resolve('/sbin/init')?.endsWith('/systemd') === true;
  const scripts = new Set(['/etc/init.d', '/etc/rc.d/init.d'].map((folder) => files.resolve(folder)));
  for (const { folder, level } of levelFolders()) {
    for (const name of files.list(folder).filter((one) => /^S\d\d/.test(one))) {
      const path = `${folder}/${name}`;
      const target = files.resolve(path);
      const stats = target === undefined ? undefined : files.stat(target);
      if (target === undefined || !stats?.isFile()) continue;
      if (scripts.has(target.slice(0, target.lastIndexOf('/')))) continue;
      yield startPoint({
        path,
        name,
        when: `run level ${level}`,
        state: (stats.mode & 0o111) !== 0 && !bySystemd ? 'enabled' : 'disabled',
        isScript: true,
        notes: ['is no link to a script of /etc/init.d'],
      });
    }
  }
}

function levelFolders(): readonly { readonly folder: string; readonly level: string }[] {
  return ['S', '0', '1', '2', '3', '4', '5', '6'].flatMap((level) =>
    [`/etc/rc${level}.d`, `/etc/rc.d/rc${level}.d`].map((folder) => ({ folder, level })),
  );
}

/** The run levels in which each script is started: links S20name in rc2.d, and the folders of OpenRC. */
function startLevels(files: StartHost['files']): ReadonlyMap<string, readonly string[]> {
  const levels = new Map<string, string[]>();
  const add = (name: string, level: string): void => {
    const list = levels.get(name) ?? [];
    levels.set(name, list);
    if (!list.includes(level)) list.push(level);
  };
  for (const { folder, level } of levelFolders()) {
    for (const link of files.list(folder)) {
      const name = /^S\d\d(.+)$/.exec(link)?.[1];
      if (name !== undefined) add(name, level);
    }
  }
  for (const level of files.list('/etc/runlevels'))
    for (const name of files.list(`/etc/runlevels/${level}`)) add(name, level);
  return levels;
}
