import { writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { createTemporaryFolder } from '../../helpers/temporary-folder.ts';
import { filesOf, searchFiles } from './search-files.ts';

const folder = createTemporaryFolder();
writeFileSync(join(folder.path, 'all'), 'foo\na foo\n');
writeFileSync(join(folder.path, 'mixed'), 'foo\nbar\n');
writeFileSync(join(folder.path, 'none'), 'bar\nbaz');
writeFileSync(join(folder.path, 'empty'), '');
afterAll(() => folder[Symbol.dispose]());

interface Row {
  readonly matchall: boolean;
  readonly mismatch: boolean;
  readonly content: string;
  readonly macroal: boolean;
  readonly files: string;
}

const rows: readonly Row[] = [
  { matchall: true, mismatch: false, content: 'foo', macroal: false, files: 'all mixed' },
  { matchall: true, mismatch: false, content: 'foo', macroal: true, files: 'all' },
  { matchall: true, mismatch: false, content: '!foo', macroal: false, files: 'empty none' },
  { matchall: true, mismatch: false, content: '!foo', macroal: true, files: 'empty none' },
  { matchall: true, mismatch: true, content: 'foo', macroal: false, files: 'empty none' },
  { matchall: true, mismatch: true, content: 'foo', macroal: true, files: 'empty mixed none' },
  { matchall: true, mismatch: true, content: '!foo', macroal: true, files: 'all empty mixed' },
  { matchall: false, mismatch: false, content: 'foo', macroal: false, files: 'all mixed' },
  { matchall: false, mismatch: false, content: 'foo', macroal: true, files: 'all' },
  { matchall: false, mismatch: false, content: '!foo', macroal: false, files: 'empty none' },
  { matchall: false, mismatch: false, content: '!foo', macroal: true, files: 'empty none' },
  { matchall: false, mismatch: true, content: 'foo', macroal: true, files: 'mixed none' },
  { matchall: false, mismatch: true, content: '!foo', macroal: true, files: 'all mixed' },
];

/** Where MIG reports all four files, or nothing: the condition is negated here as everywhere else. */
const mended: readonly Row[] = [
  { matchall: true, mismatch: true, content: '!foo', macroal: false, files: 'all mixed' },
  { matchall: false, mismatch: true, content: 'foo', macroal: false, files: 'empty none' },
  { matchall: false, mismatch: true, content: '!foo', macroal: false, files: 'all mixed' },
];

test.each([...rows, ...mended])(
  'matchall $matchall, mismatch $mismatch, $content, macroal $macroal: $files',
  async ({ matchall, mismatch, content, macroal, files }) => {
    const options = { matchall, macroal, mismatch: mismatch ? ['content'] : [] };
    const result = await searchFiles({ s1: { paths: [folder.path], contents: [content], options } });
    expect(
      filesOf(result)
        .map((file) => basename(file))
        .join(' '),
    ).toBe(files);
  },
);
