import { parseIni, valuesOf } from './parse-ini.ts';
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

/** Rules and events of ACPI that run programs. A file of rules hides those of the same name in later folders. */
export function* readUdev(host: StartHost): Generator<StartPoint> {
  yield* readRules(host);
  yield* readAcpiEvents(host);
}

/** Buttons, lids and batteries: acpid(8). */
function* readAcpiEvents({ files }: StartHost): Generator<StartPoint> {
  for (const name of files.list('/etc/acpi/events')) {
    const path = `/etc/acpi/events/${name}`;
    // acpid leaves out other names.
    if (!/^[A-Za-z0-9_-]+$/.test(name)) continue;
    const entries = parseIni(files.readText(path) ?? '');
    const event = valuesOf(entries, '', 'event').at(-1) ?? '';
    for (const command of valuesOf(entries, '', 'action'))
      yield startPoint({ path, name, commands: [command], programs: programsOf(command), when: `ACPI ${event}` });
  }
}

function* readRules({ files }: StartHost): Generator<StartPoint> {
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
