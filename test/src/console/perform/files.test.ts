import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readActionFile, readTextFile, writeTextFile } from '../../../../src/console/perform/files.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'gumshoe-files-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('a file that is written', () => {
  test('is readable by its owner alone and leaves nothing beside it', async () => {
    await writeTextFile(join(folder, 'a.json'), 'text\n', false);
    expect(readFileSync(join(folder, 'a.json'), 'utf8')).toBe('text\n');
    expect(statSync(join(folder, 'a.json')).mode & 0o777).toBe(0o600);
    expect(readdirSync(folder)).toEqual(['a.json']);
  });

  test('never replaces another one unless it is told to', async () => {
    const path = join(folder, 'a.json');
    writeFileSync(path, 'old');
    await expect(writeTextFile(path, 'new', false)).rejects.toMatchObject({
      code: 'EXPORT_EXISTS',
      hint: expect.stringContaining('--force') as string,
    });
    expect(readFileSync(path, 'utf8')).toBe('old');
    await writeTextFile(path, 'new', true);
    expect(readFileSync(path, 'utf8')).toBe('new');
  });

  test('needs a folder', async () => {
    await expect(writeTextFile(join(folder, 'no', 'a'), '', false)).rejects.toMatchObject({ code: 'FILE_UNWRITABLE' });
    await expect(writeTextFile(folder, '', true)).rejects.toMatchObject({ code: 'FILE_UNWRITABLE' });
  });
});

test('an action file that cannot be read is named with the reason', async () => {
  await expect(readActionFile(join(folder, 'none'))).rejects.toMatchObject({
    code: 'FILE_UNREADABLE',
    message: `expected an action file, got ${folder}/none: ENOENT: no such file or directory`,
  });
  await expect(readActionFile(folder)).rejects.toMatchObject({ code: 'FILE_UNREADABLE' });
});

describe('a text that becomes a value', () => {
  test('is what the file holds, without a byte order mark', async () => {
    writeFileSync(join(folder, 'rules'), '\uFEFFrule é\n');
    expect(await readTextFile(join(folder, 'rules'))).toBe('rule é\n');
  });

  test.each([
    ['none', 'ENOENT: no such file or directory'],
    ['.', 'it is no regular file'],
    ['latin1', 'it is not UTF-8'],
    ['large', 'it has 8388609 bytes, more than 8388608'],
  ])('%s is refused: %s', async (name, reason) => {
    writeFileSync(join(folder, 'latin1'), Buffer.of(0xe9));
    writeFileSync(join(folder, 'large'), Buffer.alloc(8 * 2 ** 20 + 1));
    const path = join(folder, name);
    await expect(readTextFile(path)).rejects.toMatchObject({
      code: 'FILE_UNREADABLE',
      message: `expected a text file, got ${path}: ${reason}`,
    });
  });
});
