import { collectUnits, pulledIn, templateOf, type UnitFile, type UnitSet } from './collect-units.ts';
import { lastValue, valuesOf, type IniEntry } from './parse-ini.ts';
import { loadedLibraries, type LoadedLibraries } from './loaded-libraries.ts';
import { programsOf } from './programs-of.ts';
import { maxCommands, startPoint, type StartHost, type StartPoint, type StartState } from './start-point.ts';
import { rememberFolders } from './remember-folders.ts';
import { ownUnitFolders, sharedUserUnitFolders, systemUnitFolders } from './unit-paths.ts';
import { resolveSpecifiers, systemSpecifiers, userSpecifiers, type Specifiers } from './unit-specifiers.ts';

/** Whose manager starts the units. */
interface Manager {
  readonly units: UnitSet;
  readonly runsAs: string;
  /** Put before when a unit starts: '' for the system's. */
  readonly prefix: string;
  /** None where they differ from user to user. */
  readonly specifiers: Specifiers;
  /** False for what another manager's units were told with already. */
  readonly isOwn: (unit: { readonly path: string; readonly name?: string }) => boolean;
}

type Pick = (file: UnitFile) => boolean;

const isTimer: Pick = ({ name }) => name.endsWith('.timer');
/** Targets start nothing themselves: what they pull in says so. */
const isTarget: Pick = ({ name }) => name.endsWith('.target');
const execKeys = [
  'ExecCondition',
  'ExecStartPre',
  'ExecStart',
  'ExecStartPost',
  'ExecReload',
  'ExecStop',
  'ExecStopPost',
];

/** Services, sockets and paths, and the drop-ins of all units. */
export function* readUnits(host: StartHost): Generator<StartPoint | undefined> {
  for (const manager of readManagers(host)) {
    yield undefined;
    if (manager === undefined) continue;
    yield* describeUnits(manager, (file) => !isTimer(file) && !isTarget(file));
    yield* describeDropIns(manager);
  }
}

export function* readTimers(host: StartHost): Generator<StartPoint | undefined> {
  for (const manager of readManagers(host)) {
    yield undefined;
    if (manager !== undefined) yield* describeUnits(manager, isTimer);
  }
}

/** The system's manager, that of every user, and those of users who have units of their own or start others; undefined for other users. */
function* readManagers({ files: hostFiles, accounts }: StartHost): Generator<Manager | undefined> {
  const files = rememberFolders(hostFiles, sharedUserUnitFolders);
  const all = { isOwn: () => true };
  const system = { runsAs: 'root', prefix: '', specifiers: systemSpecifiers };
  yield { units: yield* collectUnits(files, systemUnitFolders), ...system, ...all };
  const prefix = 'user session: ';
  const shared = { runsAs: 'whoever logs in', prefix, specifiers: {} };
  yield { units: yield* collectUnits(files, sharedUserUnitFolders), ...shared, ...all };
  for (const account of accounts) {
    const folders = ownUnitFolders(account);
    const { files: ownFiles, dropIns, wantedBy } = yield* collectUnits(files, folders);
    if (ownFiles.length + dropIns.length + wantedBy.size === 0) {
      yield undefined;
      continue;
    }
    const paths = new Set([...ownFiles, ...dropIns].map(({ path }) => path));
    yield {
      units: yield* collectUnits(files, [...folders, ...sharedUserUnitFolders]),
      runsAs: account.name,
      prefix,
      specifiers: userSpecifiers(account),
      isOwn: ({ path, name }) => paths.has(path) || (name !== undefined && wantedBy.has(name)),
    };
  }
}

function* describeUnits(manager: Manager, pick: Pick): Generator<StartPoint> {
  const { units } = manager;
  const effective = new Map(
    units.files.filter(({ hiddenBy }) => hiddenBy === undefined).map((file) => [file.name, file]),
  );
  for (const file of units.files) {
    if (!pick(file) || !manager.isOwn(file)) continue;
    const { name, path, settings, hides, hiddenBy } = file;
    if (settings === undefined) {
      if (hiddenBy === undefined)
        yield startPoint({ path, name, when: 'never', state: 'masked', runsAs: manager.runsAs });
      continue;
    }
    // A service that a timer or socket starts is told with it: what it runs is what they start.
    const started = startedUnit(name, settings);
    const service = started === undefined ? file : (effective.get(started) ?? effective.get(templateOf(started)));
    const commands = [
      ...(started === undefined ? [] : commandsOf(settings, sectionOf(name))),
      ...(service ? commandsOf(settingsOf(units, service), sectionOf(service.name)) : []),
    ];
    const libraries = librariesOf(settings, manager);
    yield startPoint({
      path,
      name,
      commands: started === undefined ? commands : [`starts ${started}`, ...commands],
      programs: [...programsIn(commands, manager), ...libraries.programs],
      runsAs: runsAs(service ? settingsOf(units, service) : settings, manager),
      when: `${manager.prefix}${whenOf(units, file)}`,
      state: hiddenBy === undefined ? stateOf(units, file) : 'overridden',
      notes: [
        ...(hides.length > 0 ? [`stands in the place of: ${hides.join(', ')}`] : []),
        ...(started !== undefined && service === undefined ? [`${started} does not exist`] : []),
        ...libraries.notes,
      ],
    });
  }
}

function* describeDropIns(manager: Manager): Generator<StartPoint> {
  for (const { unit, path, settings } of manager.units.dropIns) {
    if (!manager.isOwn({ path })) continue;
    const replaced = execKeys.filter((key) =>
      settings.some((entry) => entry.section === 'Service' && entry.key === key && entry.value === ''),
    );
    const commands = commandsOf(settings, 'Service');
    const starts = pulledIn(settings)
      .slice(0, maxCommands)
      .map((started) => `starts ${started}`);
    const libraries = librariesOf(settings, manager);
    yield startPoint({
      path,
      name: unit,
      commands: [...starts, ...commands],
      programs: [...programsIn(commands, manager), ...libraries.programs],
      runsAs: runsAs(settings, manager),
      when: `${manager.prefix}with ${unit}`,
      state: commands.length + starts.length > 0 ? 'enabled' : 'on demand',
      notes: [
        ...(replaced.length > 0 ? [`replaces ${replaced.join(', ')} of ${unit}`] : []),
        ...(replaced.length === 0 && commands.length > 0 ? [`adds commands to ${unit}`] : []),
        ...libraries.notes,
      ],
    });
  }
}

/** The unit that a timer, socket or path starts. */
function startedUnit(name: string, settings: readonly IniEntry[]): string | undefined {
  const [stem, type] = splitName(name);
  if (type === 'service') return undefined;
  const named = lastValue(settings, sectionOf(name), type === 'socket' ? 'Service' : 'Unit');
  const isPerConnection = type === 'socket' && isYes(lastValue(settings, 'Socket', 'Accept'));
  return named ?? `${stem}${isPerConnection ? '@' : ''}.service`;
}

function splitName(name: string): readonly [stem: string, type: string] {
  const at = name.lastIndexOf('.');
  return [name.slice(0, at), name.slice(at + 1)];
}

function isYes(value: string | undefined): boolean {
  return /^(yes|true|1|on|y|t)$/i.test(value ?? '');
}

/** The settings of a unit, those of its drop-ins behind its own. */
function settingsOf({ dropInsOf }: UnitSet, { name, settings = [] }: UnitFile): readonly IniEntry[] {
  return [...settings, ...dropInsOf(name).flatMap((dropIn) => dropIn.settings)];
}

/** Commands without the characters that tell systemd how to run them (-@:+!|). */
function commandsOf(settings: readonly IniEntry[], section: string): readonly string[] {
  return execKeys
    .flatMap((key) => valuesOf(settings, section, key))
    .slice(0, maxCommands)
    .map((command) => command.replace(/^[-@:+!|]+/, ''));
}

function programsIn(commands: readonly string[], { specifiers }: Manager): readonly string[] {
  return commands.flatMap((command) => programsOf(resolveSpecifiers(command, specifiers)));
}

function sectionOf(name: string): string {
  const [, type] = splitName(name);
  return type.charAt(0).toUpperCase() + type.slice(1);
}

function runsAs(settings: readonly IniEntry[], manager: Manager): string {
  if (isYes(lastValue(settings, 'Service', 'DynamicUser'))) return 'a user of its own';
  return lastValue(settings, 'Service', 'User') ?? manager.runsAs;
}

function stateOf(units: UnitSet, { name, settings }: UnitFile): StartState {
  if (pulledBy(units, name).length > 0) return 'enabled';
  const installs = (settings ?? []).some(
    ({ section, key, value }) => section === 'Install' && value !== '' && key !== 'DefaultInstance',
  );
  return installs && units.aliases.get(name) === undefined ? 'disabled' : 'on demand';
}

function whenOf(units: UnitSet, { name, settings = [] }: UnitFile): string {
  const section = sectionOf(name);
  const triggers =
    section === 'Service' || settings === undefined
      ? []
      : settings
          .filter(
            (entry) =>
              entry.section === section &&
              /^(On[A-Z]|Listen|Path|DirectoryNotEmpty)/.test(entry.key) &&
              entry.value !== '',
          )
          .slice(0, maxCommands)
          .map(({ key, value }) => `${key}=${value}`);
  const pulled = pulledBy(units, name).map((unit) => `with ${unit}`);
  if (triggers.length > 0) return triggers.join(', ');
  return pulled.length > 0 ? pulled.slice(0, maxCommands).join(', ') : 'when something starts it';
}

/** The units that pull in this one, or an instance of this template. */
function pulledBy({ wantedBy, aliases }: UnitSet, name: string): readonly string[] {
  return [...new Set([name, ...(aliases.get(name) ?? [])].flatMap((unit) => wantedBy.get(unit) ?? []))];
}

/** Libraries that the environment of a service loads. */
function librariesOf(settings: readonly IniEntry[], { specifiers }: Manager): LoadedLibraries {
  return loadedLibraries(
    valuesOf(settings, 'Service', 'Environment').map((value) => resolveSpecifiers(value, specifiers)),
  );
}
