import type { HostFiles } from '../host/host-files.ts';
import { parsePam, type PamLine } from './parse-pam.ts';
import { programsOf } from './programs-of.ts';
import { startPoint, type StartHost, type StartPoint } from './start-point.ts';

interface Use extends PamLine {
  readonly path: string;
  readonly service: string;
}

const runners = /(^|\/)pam_(exec|script|python|perl|lua)\.so$/;
const maxServices = 10;

/** Each module once with the services that use it, and each line that makes a module run a program. */
export function* readPam({ files }: StartHost): Generator<StartPoint> {
  const uses = readUses(files);
  for (const use of uses) if (runners.test(use.module)) yield describeRunner(use);
  const folders = moduleFolders(files);
  for (const [module, users] of Map.groupBy(uses, (use) => use.module)) {
    const isAbsolute = module.startsWith('/');
    const place = isAbsolute ? module : folders.map((folder) => `${folder}/${module}`).find((path) => files.stat(path));
    // Where a module is unusual, each line that names it is told, otherwise the module once.
    if (place === undefined || !isUsual(files, folders, place)) {
      for (const use of users)
        yield describeStranger(use, place, place !== undefined && files.stat(place) !== undefined);
      continue;
    }
    const services = [...new Set(users.map(({ service }) => service))];
    const more = services.length > maxServices ? ` and ${services.length - maxServices} more` : '';
    yield startPoint({
      path: place,
      name: module.slice(module.lastIndexOf('/') + 1),
      commands: [`module of ${services.slice(0, maxServices).join(', ')}${more}`],
      when: 'authentication',
    });
  }
}

/** A line that names a module which stands in no folder of modules, or nowhere. */
function describeStranger(use: Use, place: string | undefined, exists: boolean): StartPoint {
  const { path, line, module, service, type } = use;
  return startPoint({
    path,
    line,
    name: module.slice(module.lastIndexOf('/') + 1),
    commands: [`module of ${service}`],
    programs: place === undefined ? [] : [place],
    when: `${type} of ${service}`,
    state: exists ? 'enabled' : 'disabled',
    notes: [
      ...(place === undefined ? [`the module ${module} does not exist`] : []),
      ...(place === undefined ? [] : [`${place} is not in a folder of PAM modules`]),
    ],
  });
}

function readUses(files: HostFiles): readonly Use[] {
  const uses: Use[] = [];
  const seen = new Set<string>();
  for (const folder of ['/etc/pam.d', '/usr/lib/pam.d', '/usr/share/pam.d']) {
    for (const name of files.list(folder)) {
      const path = `${folder}/${name}`;
      const place = files.resolve(path);
      if (place === undefined || seen.has(place)) continue;
      seen.add(place);
      for (const line of parsePam(files.readText(path) ?? '', { withService: false }))
        uses.push({ ...line, path, service: name });
    }
  }
  // Linux-PAM reads pam.conf only where there is no pam.d.
  if (uses.length > 0) return uses;
  const path = '/etc/pam.conf';
  return parsePam(files.readText(path) ?? '', { withService: true }).map((line) => ({
    ...line,
    path,
    service: line.service ?? '',
  }));
}

function describeRunner({ path, line, service, type, module, args }: Use): StartPoint {
  // Options of pam_exec stand before the program.
  const command = args
    .slice(
      Math.max(
        0,
        args.findIndex((word) => word.includes('/') && !word.includes('=')),
      ),
    )
    .join(' ');
  return startPoint({
    path,
    line,
    name: `${service} ${module.slice(module.lastIndexOf('/') + 1)}`,
    commands: [command],
    programs: programsOf(command),
    when: `${type} of ${service}`,
    notes: ['runs a program when somebody authenticates'],
  });
}

/** Where modules without a folder are looked for: /lib/security, and one a multiarch triplet. */
function moduleFolders(files: HostFiles): readonly string[] {
  const roots = ['/usr/lib', '/lib', '/usr/lib64', '/lib64'];
  const triplets = roots.flatMap((root) =>
    files
      .list(root)
      .filter((name) => name.includes('-linux-'))
      .map((name) => `${root}/${name}`),
  );
  return [...roots, ...triplets].map((folder) => `${folder}/security`).filter((folder) => files.stat(folder));
}

function isUsual(files: HostFiles, folders: readonly string[], place: string): boolean {
  const folder = files.resolve(place.slice(0, place.lastIndexOf('/')));
  return folders.some((one) => files.resolve(one) === folder);
}
