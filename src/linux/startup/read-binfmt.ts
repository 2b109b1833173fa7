import { startPoint, type StartHost, type StartPoint } from './start-point.ts';

const folders = ['/etc/binfmt.d', '/run/binfmt.d', '/usr/local/lib/binfmt.d', '/usr/lib/binfmt.d'];

/** Interpreters that the kernel puts before programs of a format: registered ones, and those that are registered at boot. */
export function* readBinfmt({ files }: StartHost): Generator<StartPoint> {
  const registered = '/proc/sys/fs/binfmt_misc';
  for (const name of files.list(registered)) {
    if (name === 'register' || name === 'status') continue;
    const text = files.readText(`${registered}/${name}`) ?? '';
    const interpreter = /^interpreter (.+)$/m.exec(text)?.[1];
    if (interpreter === undefined) continue;
    const state = text.startsWith('enabled') ? 'enabled' : 'disabled';
    yield describe(`${registered}/${name}`, { name, interpreter, state });
  }
  for (const folder of folders) {
    for (const file of files.list(folder).filter((name) => name.endsWith('.conf'))) {
      for (const [index, text] of (files.readText(`${folder}/${file}`) ?? '').split('\n').slice(0, 10_000).entries()) {
        const parts = /^[#;\s]/.test(text) || text === '' ? [] : text.slice(1).split(text.charAt(0));
        const [name, interpreter] = [parts[0], parts[5]];
        if (name === undefined || !interpreter) continue;
        yield describe(`${folder}/${file}`, { name, interpreter, state: 'enabled', line: index + 1 });
      }
    }
  }
}

function describe(
  path: string,
  {
    name,
    interpreter,
    state,
    line,
  }: {
    readonly name: string;
    readonly interpreter: string;
    readonly state: 'enabled' | 'disabled';
    readonly line?: number;
  },
): StartPoint {
  return startPoint({
    path,
    ...(line === undefined ? {} : { line }),
    name,
    commands: [interpreter],
    programs: [interpreter],
    runsAs: 'whoever starts such a program',
    when: 'start of a program of this format',
    state,
  });
}
