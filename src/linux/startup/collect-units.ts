import type { HostFiles } from '../host/host-files.ts';
import { parseIni, valuesOf, type IniEntry } from './parse-ini.ts';

/** A unit file, and those of the same name that it hides. */
export interface UnitFile {
  readonly name: string;
  readonly path: string;
  /** Where the settings really are; undefined for one that is masked. */
  readonly settings: readonly IniEntry[] | undefined;
  readonly hides: readonly string[];
  /** The file that hides it. */
  readonly hiddenBy?: string;
}

/** A file that adds to a unit, or to all units of a type or with a prefix. */
export interface DropIn {
  /** "ssh.service", "service", "user-.slice". */
  readonly unit: string;
  readonly path: string;
  readonly settings: readonly IniEntry[];
}

/** Everything one manager reads. */
export interface UnitSet {
  readonly files: readonly UnitFile[];
  readonly dropIns: readonly DropIn[];
  /** The drop-ins that hold for a unit: its own, those of its template, of its type ("service.d") and of its prefixes ("foo-.service.d"). */
  readonly dropInsOf: (unit: string) => readonly DropIn[];
  /** By the name of a unit, or of the template of an instance: the units whose .wants, .requires or .upholds folder names it, and targets that say they want it. */
  readonly wantedBy: ReadonlyMap<string, readonly string[]>;
  /** Names that are links to the unit: an alias pulls it in as well. */
  readonly aliases: ReadonlyMap<string, readonly string[]>;
}

const unitName = /\.(service|socket|timer|path|target)$/;

/**
 * Reads the folders, the first of which has the last word. A folder that is a link to one already read is left out (/lib and /usr/lib). Undefined comes
 * between two files: whoever reads may do something else.
 */
export function* collectUnits(files: HostFiles, folders: readonly string[]): Generator<undefined, UnitSet> {
  const byName = new Map<string, string[]>();
  const wantedBy = new Map<string, string[]>();
  const aliases = new Map<string, string[]>();
  const dropIns: DropIn[] = [];
  const places = new Set(folders.flatMap((folder) => files.resolve(folder) ?? []));
  const seen = new Set<string>();
  for (const folder of folders) {
    const place = files.resolve(folder);
    if (place === undefined || seen.has(place)) continue;
    seen.add(place);
    for (const name of files.list(folder)) {
      yield undefined;
      const path = `${folder}/${name}`;
      const pulled = /^(.+)\.(wants|requires|upholds)$/.exec(name)?.[1];
      if (pulled !== undefined) addPulled(wantedBy, files.list(path), pulled);
      else if (name.endsWith('.d')) dropIns.push(...readDropIns(files, name.slice(0, -2), path));
      else if (unitName.test(name)) {
        const alias = aliasOf(files, { name, path, places });
        if (alias === undefined) addTo(byName, name, path);
        else addTo(aliases, alias, name);
      }
    }
  }
  const units: UnitFile[] = [];
  for (const [name, paths] of byName) {
    yield undefined;
    units.push(...readFiles(files, name, paths));
  }
  const targets = [
    ...units.filter(({ hiddenBy }) => hiddenBy === undefined),
    ...dropIns.map(({ unit, settings }) => ({ name: unit, settings })),
  ].filter(({ name }) => name.endsWith('.target'));
  for (const { name, settings = [] } of targets) addPulled(wantedBy, pulledIn(settings), name);
  const byScope = Map.groupBy(dropIns, ({ unit }) => unit);
  const dropInsOf = (unit: string): readonly DropIn[] => scopesOf(unit).flatMap((scope) => byScope.get(scope) ?? []);
  return { files: units, dropIns, dropInsOf, wantedBy, aliases };
}

/** The units that the settings of another pull in. */
export function pulledIn(settings: readonly IniEntry[]): readonly string[] {
  return ['Wants', 'Requires', 'BindsTo', 'Upholds']
    .flatMap((key) => valuesOf(settings, 'Unit', key))
    .flatMap((value) => value.split(/\s+/))
    .filter((unit) => unitName.test(unit));
}

function addPulled(wantedBy: Map<string, string[]>, units: readonly string[], by: string): void {
  for (const unit of units) {
    addTo(wantedBy, unit, by);
    if (templateOf(unit) !== unit) addTo(wantedBy, templateOf(unit), by);
  }
}

/** "getty@tty1.service" is an instance of "getty@.service". */
export function templateOf(unit: string): string {
  return unit.replace(/@[^@]*(?=\.[a-z]+$)/, '@');
}

/** A link to another unit of these folders is an alias of it; one that leads elsewhere is a unit, whatever it is called there. */
function aliasOf(
  files: HostFiles,
  { name, path, places }: { readonly name: string; readonly path: string; readonly places: ReadonlySet<string> },
): string | undefined {
  const target = files.readLink(path) === undefined ? undefined : files.resolve(path);
  const at = target?.lastIndexOf('/') ?? -1;
  const unit = target?.slice(at + 1);
  return target !== undefined && unit !== name && places.has(target.slice(0, at)) ? unit : undefined;
}

function readFiles(files: HostFiles, name: string, paths: readonly string[]): readonly UnitFile[] {
  const [first, ...hidden] = paths;
  if (first === undefined) return [];
  return [
    { name, path: first, settings: readSettings(files, first), hides: hidden },
    ...hidden.map((path) => ({ name, path, settings: readSettings(files, path), hides: [], hiddenBy: first })),
  ];
}

/** Undefined for a unit that is masked: a link to /dev/null, or an empty file. */
function readSettings(files: HostFiles, path: string): readonly IniEntry[] | undefined {
  if (files.resolve(path) === '/dev/null') return undefined;
  const text = files.readText(path);
  return text === '' ? undefined : parseIni(text ?? '');
}

function readDropIns(files: HostFiles, unit: string, folder: string): readonly DropIn[] {
  return files
    .list(folder)
    .filter((name) => name.endsWith('.conf'))
    .map((name) => ({
      unit,
      path: `${folder}/${name}`,
      settings: parseIni(files.readText(`${folder}/${name}`) ?? ''),
    }));
}

function addTo(map: Map<string, string[]>, key: string, value: string): void {
  const list = map.get(key) ?? [];
  map.set(key, list);
  list.push(value);
}

/** The names of folders, without their .d, whose drop-ins hold for a unit. */
function scopesOf(unit: string): readonly string[] {
  const at = unit.lastIndexOf('.');
  const [stem, type] = [unit.slice(0, at), unit.slice(at + 1)];
  const prefixes = [...stem.matchAll(/-/g)].map(({ index }) => `${stem.slice(0, index + 1)}.${type}`);
  return [...new Set([unit, templateOf(unit), type, ...prefixes])];
}
