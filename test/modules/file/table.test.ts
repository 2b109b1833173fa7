/** MIG's own table of cases. */
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { checksum, createFixture } from './fixture.ts';
import { filesOf, searchFiles, type FileResult } from './search-files.ts';

const fixture = createFixture();
const { base, deep, contents, inflated } = fixture;
afterAll(() => fixture[Symbol.dispose]());

const inBase = (...numbers: readonly number[]): readonly string[] =>
  numbers.map((number) => join(base, `testfile${number}`));
const inBoth = (...numbers: readonly number[]): readonly string[] => [
  ...inBase(...numbers),
  ...numbers.map((number) => join(deep, `testfile${number}`)),
];

const brokenLink = `ERROR: followSymLink() -> lstat ${deep}/a: no such file or directory (link ${deep}/dirlink)`;

interface Case {
  readonly title: string;
  readonly search: Readonly<Record<string, unknown>>;
  readonly files: readonly string[];
  /** Errors beside that of the broken link. */
  readonly errors?: RegExp;
}

const header = (name: string): string => `^--- header for ${name} file ---$`;
const row = (
  title: string,
  search: Readonly<Record<string, unknown>>,
  files: readonly string[],
  errors?: RegExp,
): Case => ({ title, search, files, ...(errors ? { errors } : {}) });
const corrupt = /^ERROR: checkContent\(\) -> .*testfile8: flate: corrupt input/;
const blanks = '^((--- header for .+ file ---)|(#.+)|(\\s*)|(some (other )?text))$';

const cases: readonly Case[] = [
  row('1 content', { contents: [header('first')] }, inBoth(0, 9)),
  row('2 a file as path', { contents: [header('first')], paths: [join(base, 'testfile0')] }, inBase(0)),
  row('3 a link as path', { contents: [header('first')], paths: [join(base, 'testfile9')] }, inBase(0)),
  row('4', { contents: [header('second')] }, inBoth(1)),
  row('5 binary', { contents: ['skZ0'] }, inBoth(2)),
  row('6', { contents: [header('fourth')] }, inBoth(3)),
  row('7', { contents: [header('fifth')] }, inBoth(4)),
  row('8', { contents: [header('sixth')] }, inBoth(5)),
  row('9 raw gzip', { contents: ['KO3B'] }, inBoth(6)),
  row('10 raw gzip', { contents: ['t6Pl'] }, inBoth(7)),
  row('11 raw gzip', { contents: [",'XL"] }, inBoth(8)),
  row('12 size', { sizes: ['1024'] }, inBoth(2)),
  row('13 md5', { md5: [checksum('md5', contents.get(4))] }, inBoth(4)),
  row('14 sha2', { sha2: [checksum('sha512', contents.get(4))] }, inBoth(4)),
  row('15 sha3', { sha3: [checksum('sha3-512', contents.get(4))] }, inBoth(4)),
  row('16 sha2', { sha2: [checksum('sha256', contents.get(6))] }, inBoth(6)),
  row(
    '17 four checksums',
    {
      md5: [checksum('md5', contents.get(7))],
      sha1: [checksum('sha1', contents.get(7)).toUpperCase()],
      sha2: [checksum('sha384', contents.get(7))],
      sha3: [checksum('sha3-224', contents.get(7))],
    },
    inBoth(7),
  ),
  row('18 name', { names: ['.*testfile(0|6)$'] }, inBoth(0, 6)),
  row('19 mtime', { mtimes: ['<1m'] }, inBoth(0, 1, 2, 3, 4, 5, 6, 7, 8, 9)),
  row('20 name and mtime', { names: ['^testfile0$'], mtimes: ['<1d'] }, inBoth(0)),
  row('21 mtimes', { mtimes: ['>1h', '>30m', '>15m'] }, []),
  row('22 maxdepth', { names: ['^.*0$'], options: { maxdepth: 1 } }, inBase(0)),
  row(
    '23 duplicate paths',
    { names: ['^.*0$'], options: { maxdepth: 1 }, paths: [join(base, 'a'), base, base] },
    inBase(0),
  ),
  row(
    '24 inverted content',
    { contents: [`!${header('first')}`], options: { maxdepth: 1 } },
    inBase(1, 2, 3, 4, 5, 6, 7, 8),
  ),
  row('25 mode', { modes: ['-rw-r--r--'] }, inBoth(0, 1, 2, 3, 4, 5, 6, 7, 8, 9)),
  row('26 two names', { names: ['.*0', '^testfile0$'], options: { maxdepth: 1 } }, inBase(0)),
  row('28 matchany', { names: ['^testfile0$'], sizes: ['274'], options: { matchall: false } }, inBoth(0, 7)),
  row(
    '29 decompress',
    { names: ['^testfile6'], contents: [header('zipped')], options: { decompress: true } },
    inBoth(6),
  ),
  row('30 decompress', { contents: [header('zipped')], options: { decompress: true } }, inBoth(6), corrupt),
  row('31 decompress', { md5: [checksum('md5', inflated.get(7))], options: { decompress: true } }, inBoth(7), corrupt),
  row(
    '32 decompress, matchany',
    { contents: [header('first'), header('zipped')], options: { decompress: true, matchall: false } },
    inBoth(0, 6, 9),
    corrupt,
  ),
  row(
    '33 missing path',
    { names: ['x'], paths: ['/doesnotexist'] },
    [],
    /^ERROR: open \/doesnotexist: no such file or directory$/,
  ),
  row(
    '34 link to a directory',
    { names: ['x'], paths: [join(base, 'dirlink')] },
    [],
    /^warning:.*and was not followed/,
  ),
  row('35 macroal', { names: ['testfile0'], contents: ['^(.+)?$'], options: { macroal: true } }, inBoth(0)),
  row('36 macroal', { names: ['testfile0'], contents: ['!^(.+)?$'], options: { macroal: true } }, []),
  row('37 macroal', { names: ['testfile0'], contents: ['!FOOBAR'], options: { macroal: true } }, inBoth(0)),
  row('38 macroal', { names: ['testfile0'], contents: ['FOOBAR'], options: { macroal: true } }, []),
  row(
    '39 mismatch name',
    { names: ['^testfile0$'], options: { mismatch: ['name'] } },
    inBoth(1, 2, 3, 4, 5, 6, 7, 8, 9),
  ),
  row(
    '40 mismatch size',
    { sizes: ['190', '>10k', '>10m', '>10g', '>10t', '<10'], options: { mismatch: ['size'] } },
    inBoth(1, 2, 3, 4, 5, 6, 7, 8),
  ),
  row('41 mismatch mtime', { mtimes: ['<1h'], options: { mismatch: ['mtime'] } }, []),
  row('42 mismatch mode', { modes: ['-rw-r--r--'], options: { mismatch: ['mode'] } }, []),
  row('43 mismatch cancels !', { names: ['!^testfile0$'], options: { mismatch: ['name'] } }, inBoth(0)),
  row(
    '44 macroal, mismatch content',
    { names: ['testfile(0|1)$'], contents: [blanks], options: { macroal: true, mismatch: ['content'] } },
    inBoth(1),
  ),
  row(
    '45 mismatch checksums',
    {
      md5: [checksum('md5', contents.get(2))],
      sha1: [checksum('sha1', contents.get(2))],
      sha2: [checksum('sha256', contents.get(2))],
      sha3: [checksum('sha3-256', contents.get(2))],
      options: { mismatch: ['md5', 'sha1', 'sha2', 'sha3'] },
    },
    inBoth(0, 1, 3, 4, 5, 6, 7, 8, 9),
  ),
];

const run = (search: Case['search']): Promise<FileResult> =>
  searchFiles({
    s1: { paths: [base], ...search, options: { matchall: true, ...(search['options'] as object | undefined) } },
  });

describe('a search finds what MIG finds', () => {
  test.each(cases)('$title', async ({ search, files, errors }) => {
    const result = await run(search);
    expect(filesOf(result)).toEqual(files.toSorted());
    expect(result).toMatchObject({ success: true, foundanything: files.length > 0 });
    const others = (result.errors ?? []).filter((error) => error !== brokenLink);
    if (errors) {
      expect(others).not.toEqual([]);
      for (const error of others) expect(error).toMatch(errors);
    } else expect(others).toEqual([]);
    if ('maxdepth' in Object(search['options'])) expect(result.errors).toBeNull();
  });

  test('27 matchlimit', async () => {
    const result = await run({ names: ['^testfile.*$'], options: { maxdepth: 1, matchlimit: 4 } });
    expect(filesOf(result)).toHaveLength(4);
    expect(result.errors).toBeNull();
  });

  test('46 extra privacy', async () => {
    const search = { paths: [base], mtimes: ['<1m'], options: { matchall: true } };
    const result = await searchFiles({ s1: search }, { extraPrivacy: true });
    expect(result.elements?.['s1']?.map(({ file }) => file)).toEqual(Array.from({ length: 20 }, () => 'masked'));
    expect(result.errors).toEqual(['masked']);
  });
});

const generated = [...contents].flatMap(([number, bytes]) =>
  (
    [
      ['sizes', String(bytes.length)],
      ['md5', checksum('md5', bytes)],
      ['sha1', checksum('sha1', bytes)],
      ['sha2', checksum('sha256', bytes)],
      ['sha3', checksum('sha3-384', bytes)],
    ] as const
  ).map(([key, value]) => ({ number, key, value })),
);

test.each(generated)('47-91 file $number by its own $key', async ({ number, key, value }) => {
  const same = [...contents].filter(([, bytes]) => key === 'sizes' && bytes.length === Number(value));
  const expected = key === 'sizes' ? same.map(([one]) => one) : [number];
  const files = inBoth(...expected, ...(expected.includes(0) ? [9] : []));
  expect(filesOf(await run({ [key]: [value] }))).toEqual(files.toSorted());
});
