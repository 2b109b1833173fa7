import { parseUdevRules } from './parse-udev-rules.ts';
import { programsOf } from './programs-of.ts';
import { startPoint, type StartHost, type StartPoint } from './start-point.ts';

const folders = [
  '/etc/udev/rules.d',
  '/run/udev/rules.d',
  '/usr/local/lib/udev/rules.d',
  '/usr/lib/udev/rules.d',
  '/lib/udev/rules.d',
];

/** Rules that run programs. A file hides those of the same name in later folders. */
export function* readUdev({ files }: StartHost): Generator<StartPoint> {
  const hiddenBy = new Map<string, string>();
  const seen = new Set<string>();
  for (const folder of folders) {
    const place = files.resolve(folder);
    if (place === undefined || seen.has(place)) continue;
    seen.add(place);
    for (const name of files.list(folder).filter((one) => one.endsWith('.rules'))) {
      const path = `${folder}/${name}`;
      const isHidden = hiddenBy.has(name);
      if (!isHidden) hiddenBy.set(name, path);
      for (const { commands, matches, line } of parseUdevRules(files.readText(path) ?? '')) {
        yield startPoint({
          path,
          line,
          name,
          commands,
          // A name without a folder is looked for in /usr/lib/udev.
          programs: commands
            .flatMap(programsOf)
            .map((program) => (program.includes('/') ? program : `/usr/lib/udev/${program}`)),
          when: matches === '' ? 'every device' : `device ${matches}`,
          state: isHidden ? 'overridden' : 'enabled',
        });
      }
    }
  }
}
