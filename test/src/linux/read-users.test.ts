import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readUsers } from '../../../src/linux/read-users.ts';
import { createTemporaryFolder } from '../../helpers/temporary-folder.ts';

function readText(text: string): readonly [number, string][] {
  using folder = createTemporaryFolder();
  const file = join(folder.path, 'passwd');
  writeFileSync(file, text);
  return [...readUsers(file)];
}

test('the first name of a user id counts', () => {
  const text =
    'root:x:0:0:root:/root:/bin/bash\ntoor:x:0:0::/root:/bin/sh\nwww-data:x:33:33:www-data:/var/www:/usr/sbin/nologin\n';
  expect(readText(text)).toEqual([
    [0, 'root'],
    [33, 'www-data'],
  ]);
});

test('lines that are no users are left out', () => {
  expect(readText('# comment\n\n+::::::\nx:y\n:x:5:5:::\nbob:x:minus:1:::\neve:x:7:7')).toEqual([[7, 'eve']]);
});

test('a host without the file has users by number only', () => {
  expect(readUsers('/nonexistent/passwd').size).toBe(0);
});

test('this host knows root', () => {
  expect(readUsers().get(0)).toBe('root');
});
