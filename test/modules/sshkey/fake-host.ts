import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Elements } from '../../../modules/sshkey/elements.ts';
import type { Host } from '../../../modules/sshkey/host.ts';
import { sshkey } from '../../../modules/sshkey/index.ts';
import type { Params } from '../../../modules/sshkey/params.ts';
import { runOn } from '../../../modules/sshkey/run.ts';
import { validateParameters } from '../../../src/module/params.ts';
import { createRunContext } from '../../helpers/run-context.ts';
import { createTemporaryFolder } from '../../helpers/temporary-folder.ts';

const testdata = join(import.meta.dirname, 'testdata');

/** A key of the fixtures as text. */
export function keyText(name: string): string {
  return readFileSync(join(testdata, name), 'latin1');
}

/** The fields of a public key without its comment. */
export function bareKey(name: string): string {
  return keyText(name).split(' ').slice(0, 2).join(' ').trim();
}

/** A host in a temporary folder, whose accounts all have the user id of this test. */
export interface FakeHost extends Host, Disposable {
  readonly path: string;
  readonly write: (name: string, text: string | Buffer, mode?: number) => string;
  readonly search: (
    parameters: unknown,
    context?: ReturnType<typeof createRunContext<Elements>>,
  ) => ReturnType<typeof runOn>;
}

export function createFakeHost(accounts: readonly string[] = []): FakeHost {
  const folder = createTemporaryFolder();
  const { path } = folder;
  const uid = process.getuid?.() ?? 0;
  const write = (name: string, text: string | Buffer, mode = 0o600): string => {
    const file = join(path, name);
    mkdirSync(dirname(file), { recursive: true, mode: 0o755 });
    writeFileSync(file, text);
    chmodSync(file, mode);
    return file;
  };
  write('etc/passwd', accounts.map((name) => `${name}:x:${uid}:100::${path}/home/${name}:/bin/bash\n`).join(''));
  write('etc/group', 'staff:x:100:\n');
  for (const name of accounts) mkdirSync(join(path, 'home', name, '.ssh'), { recursive: true, mode: 0o755 });
  const host: Host = {
    passwdFile: join(path, 'etc/passwd'),
    groupFile: join(path, 'etc/group'),
    sshFolder: join(path, 'etc/ssh'),
    homeFolders: [join(path, 'home'), join(path, 'root')],
  };
  return {
    ...host,
    path,
    write,
    search: (parameters, context = createRunContext<Elements>()) =>
      runOn(host, validateParameters(sshkey.params, parameters) as Params, context),
    [Symbol.dispose]: () => folder[Symbol.dispose](),
  };
}
