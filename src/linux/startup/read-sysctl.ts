import type { HostFiles } from '../host/host-files.ts';
import { programsOf } from './programs-of.ts';
import { startPoint, type StartHost, type StartPoint } from './start-point.ts';

/** Settings by which the kernel starts a program, and when: Documentation/admin-guide/sysctl/kernel.rst. */
const starts: Readonly<Record<string, string>> = {
  core_pattern: 'crash of a program',
  modprobe: 'load of a kernel module',
  hotplug: 'every device',
  poweroff_cmd: 'shutdown by the kernel',
};

const folders = ['/etc', '/run', '/usr/local/lib', '/usr/lib', '/lib'].map((place) => `${place}/sysctl.d`);
const maxLines = 20_000;

/** Programs that the kernel starts: as it is set now, and as it will be set at boot. */
export function* readSysctl({ files }: StartHost): Generator<StartPoint> {
  for (const name of Object.keys(starts)) {
    const path = `/proc/sys/kernel/${name}`;
    yield* describe({ path, name, value: files.readText(path)?.trim() ?? '' });
  }
  for (const path of findFiles(files)) {
    for (const [index, text] of (files.readText(path) ?? '').split('\n').slice(0, maxLines).entries()) {
      const [, name, value] = /^\s*-?kernel[./](\w+)\s*=\s*(.*)$/s.exec(text) ?? [];
      if (name !== undefined && value !== undefined)
        yield* describe({ path, line: index + 1, name, value: value.trim() });
    }
  }
}

function findFiles(files: HostFiles): readonly string[] {
  const paths = folders.flatMap((folder) =>
    files
      .list(folder)
      .filter((name) => name.endsWith('.conf'))
      .map((name) => `${folder}/${name}`),
  );
  // sysctl.d often has a link to sysctl.conf, and /lib one to /usr/lib.
  return [...new Map(['/etc/sysctl.conf', ...paths].map((path) => [files.resolve(path) ?? path, path])).values()];
}

function* describe(setting: {
  readonly path: string;
  readonly line?: number;
  readonly name: string;
  readonly value: string;
}): Generator<StartPoint> {
  const { path, line, name, value } = setting;
  const when = Object.hasOwn(starts, name) ? starts[name] : undefined;
  // Without a | the core is written to a file of this name.
  if (when === undefined || value === '' || (name === 'core_pattern' && !value.startsWith('|'))) return;
  const command = value.replace(/^\|\s*/, '');
  yield startPoint({
    path,
    ...(line === undefined ? {} : { line }),
    name: `kernel.${name}`,
    commands: [command],
    programs: programsOf(command),
    when,
  });
}
