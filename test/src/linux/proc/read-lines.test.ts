import { closeSync, openSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { systemClock } from '../../../../src/base/clock.ts';
import { createPace } from '../../../../src/base/pace.ts';
import { readLines } from '../../../../src/linux/proc/read-lines.ts';
import { createTemporaryFolder } from '../../../helpers/temporary-folder.ts';

async function readAll(content: string | Uint8Array, stop = new AbortController()): Promise<readonly string[]> {
  using folder = createTemporaryFolder();
  const path = join(folder.path, 'table');
  writeFileSync(path, content);
  const file = openSync(path, 'r');
  const lines: string[] = [];
  try {
    await readLines(file, (line) => void lines.push(line), createPace({ clock: systemClock, signal: stop.signal }));
  } finally {
    closeSync(file);
  }
  return lines;
}

test('every line comes once, in order, the last one without its end too', async () => {
  expect(await readAll('a\n\nb\nc')).toEqual(['a', '', 'b', 'c']);
  expect(await readAll('a\n')).toEqual(['a']);
  expect(await readAll('')).toEqual([]);
});

test('a table larger than any chunk keeps its lines whole', async () => {
  const lines = Array.from({ length: 50_000 }, (_, at) => `line ${at}`);
  expect(await readAll(`${lines.join('\n')}\n`)).toEqual(lines);
});

test('bytes that are not ASCII stand for themselves', async () => {
  expect(await readAll(Uint8Array.of(0xff, 0x00, 0x0a, 0xc3))).toEqual(['\u00ff\0', '\u00c3']);
});

test('a line without end is cut instead of filling the memory', async () => {
  const lines = await readAll(`${'x'.repeat(3_000_000)}\nnext\n`);
  expect(lines[0]?.length).toBeLessThanOrEqual(128 * 1024);
  expect(lines.at(-1)).toBe('next');
});

test('after a stop no more is read', async () => {
  const stop = new AbortController();
  stop.abort();
  expect(await readAll('a\nb\n', stop)).toEqual([]);
});
