import { programsOf } from './programs-of.ts';
import { startPoint, type StartHost, type StartPoint } from './start-point.ts';

const loadFolders = [
  '/etc/modules-load.d',
  '/run/modules-load.d',
  '/usr/local/lib/modules-load.d',
  '/usr/lib/modules-load.d',
  '/lib/modules-load.d',
];
const probeFolders = [
  '/etc/modprobe.d',
  '/run/modprobe.d',
  '/usr/local/lib/modprobe.d',
  '/usr/lib/modprobe.d',
  '/lib/modprobe.d',
];
const maxIndexBytes = 16 * 1024 * 1024;
/** Source: the kernel's Documentation/admin-guide/tainted-kernels. */
const taints: Readonly<Record<string, string>> = {
  P: 'proprietary',
  F: 'loaded by force',
  C: 'staging',
  O: 'built outside the kernel',
  E: 'unsigned',
  K: 'a live patch',
};

/** Modules that are loaded at boot, commands that modprobe runs in their place, and loaded modules that are no plain part of the kernel. */
export function* readKernelModules(host: StartHost): Generator<StartPoint> {
  const index = readIndex(host);
  for (const path of ['/etc/modules', ...confFiles(host, loadFolders)]) {
    for (const { words, line } of linesOf(host, path)) {
      const module = words[0] ?? '';
      yield startPoint({
        path,
        line,
        name: module,
        commands: [words.join(' ')],
        programs: fileOf(index, module),
        when: 'boot',
      });
    }
  }
  for (const path of ['/etc/modprobe.conf', ...confFiles(host, probeFolders)]) {
    for (const { words, line } of linesOf(host, path)) {
      const [directive, module = '', ...command] = words;
      if ((directive !== 'install' && directive !== 'remove') || command.length === 0) continue;
      const text = command.join(' ');
      yield startPoint({
        path,
        line,
        name: module,
        commands: [text],
        programs: programsOf(text).filter((program) => !/^(\/usr)?\/?s?bin\/(true|false)$/.test(program)),
        when: `${directive === 'install' ? 'loading' : 'unloading'} of the module`,
      });
    }
  }
  yield* readLoaded(host, index);
}

type Index = ReadonlyMap<string, string>;

/** Files of modules by name, from modules.dep: "kernel/drivers/net/dummy.ko.xz: ...". */
function readIndex({ files, kernel }: StartHost): Index {
  const folder = `/lib/modules/${kernel}`;
  const text = files.readText(`${folder}/modules.dep`, maxIndexBytes) ?? '';
  return new Map(
    text.split('\n').flatMap((line): readonly [string, string][] => {
      const path = line.slice(0, Math.max(0, line.indexOf(':')));
      const name = /^(.{1,255}?)\.ko(\.\w+)?$/.exec(path.slice(path.lastIndexOf('/') + 1))?.[1];
      return name === undefined ? [] : [[name.replaceAll('-', '_'), path.startsWith('/') ? path : `${folder}/${path}`]];
    }),
  );
}

function fileOf(index: Index, module: string): readonly string[] {
  const file = index.get(module.replaceAll('-', '_'));
  return file === undefined ? [] : [file];
}

function* readLoaded({ files }: StartHost, index: Index): Generator<StartPoint> {
  for (const name of files.list('/sys/module')) {
    const path = `/sys/module/${name}`;
    // What is built into the kernel has no such file.
    if (!files.stat(`${path}/initstate`)) continue;
    const taint = (files.readText(`${path}/taint`) ?? '').trim();
    const programs = fileOf(index, name);
    const notes = [
      ...(taint === '' ? [] : [`is tainted: ${[...taint].map((letter) => taints[letter] ?? letter).join(', ')}`]),
      ...(index.size > 0 && programs.length === 0
        ? ['is loaded from a file that is not among the modules of this kernel']
        : []),
    ];
    if (notes.length > 0)
      yield startPoint({ path, name, commands: ['loaded'], programs, when: 'now', runsAs: 'the kernel', notes });
  }
}

function confFiles({ files }: StartHost, folders: readonly string[]): readonly string[] {
  const seen = new Set<string>();
  return folders.flatMap((folder) => {
    const place = files.resolve(folder);
    if (place === undefined || seen.has(place)) return [];
    seen.add(place);
    return files
      .list(folder)
      .filter((name) => name.endsWith('.conf'))
      .map((name) => `${folder}/${name}`);
  });
}

function* linesOf(
  { files }: StartHost,
  path: string,
): Generator<{ readonly words: readonly string[]; readonly line: number }> {
  for (const [index, raw] of (files.readText(path) ?? '').split('\n').entries()) {
    const content = raw.trim();
    if (content === '' || /^[#;]/.test(content)) continue;
    yield { words: content.split(/\s+/), line: index + 1 };
  }
}
