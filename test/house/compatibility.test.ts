import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { root } from './source-files.ts';

test('every line of COMPATIBILITY.md names a test that exists', () => {
  const lines = readFileSync(join(root, 'COMPATIBILITY.md'), 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('|') && !/^\|(-|\s*what \|)/.test(line));
  expect(lines.length).toBeGreaterThan(50);
  const wrong = lines.filter((line) => !existsSync(join(root, line.split('|').at(-2)?.trim() || 'missing')));
  expect(wrong).toEqual([]);
});
