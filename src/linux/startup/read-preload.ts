import { beforeHash } from '../host/before-hash.ts';
import { startPoint, type StartHost, type StartPoint } from './start-point.ts';

const maxLibraries = 1000;
const usual = /^\/(usr\/(local\/)?)?(lib|lib32|lib64|libx32)(\/|$)/;

/** Libraries that the dynamic linker loads into every program, and the folders it takes libraries from: ld.so(8). */
export function* readPreload({ files }: StartHost): Generator<StartPoint> {
  for (const path of ['/etc/ld.so.preload', '/etc/ld-musl-x86_64.preload']) {
    const text = files.readText(path) ?? '';
    const libraries = text.split(/[\s:,]+/).filter((word) => word !== '' && !word.startsWith('#'));
    for (const library of libraries.slice(0, maxLibraries)) {
      yield startPoint({
        path,
        name: library,
        commands: [library],
        programs: [library],
        runsAs: 'every account',
        when: 'start of every program',
        notes: ['is loaded into every program'],
      });
    }
  }
  const snippets = files.list('/etc/ld.so.conf.d').filter((name) => name.endsWith('.conf'));
  for (const path of ['/etc/ld.so.conf', ...snippets.map((name) => `/etc/ld.so.conf.d/${name}`)]) {
    for (const [index, raw] of (files.readText(path) ?? '').split('\n').slice(0, maxLibraries).entries()) {
      const folder = beforeHash(raw).trim();
      if (!folder.startsWith('/')) continue;
      yield startPoint({
        path,
        line: index + 1,
        name: folder,
        commands: [`libraries from ${folder}`],
        programs: [folder],
        runsAs: 'every account',
        when: 'start of every program',
        notes: usual.test(folder) ? [] : ['is not a usual folder of libraries'],
      });
    }
  }
}
