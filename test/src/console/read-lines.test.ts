import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readLines, type NumberedLine } from '../../../src/console/read-lines.ts';

async function* chunks(...parts: readonly (string | Uint8Array)[]): AsyncGenerator<Uint8Array> {
  for (const part of parts) yield Buffer.from(part);
}

async function read(...parts: readonly (string | Uint8Array)[]): Promise<readonly NumberedLine[]> {
  const lines: NumberedLine[] = [];
  for await (const line of readLines(chunks(...parts))) lines.push(line);
  return lines;
}

describe('lines of a script', () => {
  test('are numbered, and the last needs no line end', async () => {
    expect(await read('he', 'lp\r\nsta', 'tus\n\nexit')).toEqual([
      { text: 'help', number: 1 },
      { text: 'status', number: 2 },
      { text: '', number: 3 },
      { text: 'exit', number: 4 },
    ]);
  });

  test('may be cut inside a character', async () => {
    const bytes = Buffer.from('name ü\n');
    expect(await read(bytes.subarray(0, 6), bytes.subarray(6))).toEqual([{ text: 'name ü', number: 1 }]);
  });

  test('that are no text are refused in their place', async () => {
    const lines = await read('help\n', Uint8Array.of(0xff, 0xfe, 10), 'a\x1b[2J\n', 'exit\n');
    expect(lines.map(({ number, text, problem }) => [number, text, problem?.code, problem?.message])).toEqual([
      [1, 'help', undefined, undefined],
      [2, '', 'INPUT_INVALID', 'expected a line of text in UTF-8, got other bytes'],
      [3, '', 'INPUT_INVALID', 'expected a line of text, got the control character \\x1b at column 2'],
      [4, 'exit', undefined, undefined],
    ]);
  });

  test('of 10 MB are refused without being kept, and the next is read', async () => {
    const lines = await read(...Array.from({ length: 10 }, () => 'x'.repeat(1024 * 1024)), '\nexit\n');
    expect(lines.map(({ text, problem }) => [text, problem?.message])).toEqual([
      ['', 'expected a line of at most 1048576 bytes, got 10485760'],
      ['exit', undefined],
    ]);
  });

  test('come whatever the bytes are', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.uint8Array({ maxLength: 50 }), { maxLength: 5 }), async (parts) => {
        const bytes = Buffer.concat(parts);
        const ends = bytes.filter((byte) => byte === 10).length;
        const expected = ends + (bytes.length > 0 && bytes.at(-1) !== 10 ? 1 : 0);
        expect(await read(...parts)).toHaveLength(expected);
      }),
    );
  });
});
