import { spawnSync } from 'node:child_process';
import { chmodSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Log } from '../../../../src/base/log.ts';
import { silentLog } from '../../../../src/base/log.ts';
import { readAgentIdentity, readMachineId } from '../../../../src/agent/config/identity.ts';
import { createTemporaryFolder } from '../../../helpers/temporary-folder.ts';
import { withoutRoot } from '../../../helpers/without-root.ts';

const one = '1'.repeat(32);
const other = '2'.repeat(32);
const nowMs = (): number => 1000;
const read = (stateFolder: string, machineId: string | undefined = one, log: Log = silentLog): string =>
  readAgentIdentity({ stateFolder, log, nowMs, machineId }).id;

function collectWarnings(): { readonly log: Log; readonly reasons: unknown[] } {
  const reasons: unknown[] = [];
  return { reasons, log: { ...silentLog, warn: (_message, values) => void reasons.push(values?.['reason']) } };
}

test('an id is made once, for its owner alone, and stays', () => {
  using folder = createTemporaryFolder();
  const id = read(folder.path);
  expect(id).toMatch(/^[0-9a-z]{30}$/);
  expect(read(folder.path)).toBe(id);
  expect(readdirSync(folder.path)).toEqual(['identity.json']);
  expect(statSync(join(folder.path, 'identity.json')).mode & 0o777).toBe(0o600);
  using second = createTemporaryFolder();
  expect(read(second.path)).not.toBe(id);
});

test('what machine-id(5) wants kept on the host is not in the file', () => {
  using folder = createTemporaryFolder();
  read(folder.path);
  expect(readFileSync(join(folder.path, 'identity.json'), 'utf8')).not.toContain(one);
});

test.each(['', '{"id":"short"}', '{"id":', 'null', '{"id":"UPPER CASE AND BLANKS AND MORE"}', '\u0000'.repeat(100)])(
  'a damaged file (%j) is set aside, with a warning',
  (text) => {
    using folder = createTemporaryFolder();
    writeFileSync(join(folder.path, 'identity.json'), text);
    const { log, reasons } = collectWarnings();
    expect(read(folder.path, one, log)).toMatch(/^[0-9a-z]{30}$/);
    expect(reasons).toEqual(['it is damaged']);
    expect(readFileSync(join(folder.path, 'identity.json.1000'), 'utf8')).toBe(text);
  },
);

test('a state folder that was copied to another host has a new id there', () => {
  using folder = createTemporaryFolder();
  const id = read(folder.path, one);
  const { log, reasons } = collectWarnings();
  const copied = read(folder.path, other, log);
  expect(copied).not.toBe(id);
  expect(reasons).toEqual(['it was made on another host: the machine-id differs']);
  expect(read(folder.path, other)).toBe(copied);
});

test('a host without a machine-id keeps the id it has', () => {
  using folder = createTemporaryFolder();
  const id = readAgentIdentity({ stateFolder: folder.path, log: silentLog, nowMs }).id;
  expect(read(folder.path, one)).toBe(id);
  expect(readAgentIdentity({ stateFolder: folder.path, log: silentLog, nowMs }).id).toBe(id);
});

test('a folder that cannot be written is told', async () => {
  using folder = createTemporaryFolder();
  chmodSync(folder.path, 0o555);
  await withoutRoot(async () => {
    expect(() => read(folder.path)).toThrow(expect.objectContaining({ code: 'IDENTITY_UNUSABLE' }));
  });
});

test('a machine-id is read, and anything else is none', () => {
  using folder = createTemporaryFolder();
  const path = join(folder.path, 'machine-id');
  expect(readMachineId(path)).toBeUndefined();
  writeFileSync(path, 'uninitialized\n');
  expect(readMachineId(path)).toBeUndefined();
  writeFileSync(path, `${one}\n`);
  expect(readMachineId(path)).toBe(one);
});

const canMount = spawnSync('unshare', ['-m', 'mount', '-t', 'tmpfs', 'tmpfs', '/mnt']).status === 0;

test.runIf(canMount)('on a full disk none is made, and nothing half-made is left behind', () => {
  using folder = createTemporaryFolder();
  const code = `
    import { readdirSync, writeFileSync } from 'node:fs';
    const [root, folder] = process.argv.slice(1);
    const { readAgentIdentity } = await import(root + '/src/agent/config/identity.ts');
    try { writeFileSync(folder + '/filler', Buffer.alloc(4 << 20)); } catch {}
    try { readAgentIdentity({ stateFolder: folder, nowMs: Date.now }); }
    catch (error) { console.log(JSON.stringify({ message: error.message, left: readdirSync(folder) })); }`;
  const root = join(import.meta.dirname, '../../../..');
  const shell = 'mount -t tmpfs -o size=1m tmpfs "$3" && exec "$0" --input-type=module -e "$1" "$2" "$3"';
  const { stdout } = spawnSync('unshare', ['-m', 'sh', '-c', shell, process.execPath, code, root, folder.path], {
    encoding: 'utf8',
  });
  expect(JSON.parse(stdout)).toEqual({
    message: expect.stringMatching(/identity\.json: .*ENOSPC/) as unknown,
    left: ['filler'],
  });
});
