import { z } from 'zod';
import { number, text, textList, yesNo, yesWord } from '../module/fields.ts';
import { checkKinds } from './check-kinds.ts';
import { checkChecksum } from './checksum.ts';
import { checkMtime } from './mtime-condition.ts';
import { checkPattern } from './pattern.ts';
import { checkSize } from './size-condition.ts';

const options = z.object({
  maxdepth: number({
    flag: 'maxdepth',
    description: 'how deep to go: 1 = only the files directly in a path, 2 = one level of directories below it',
    unit: 'levels of directories',
    example: '3',
    initial: 1000,
    absent: '0 or absent = unlimited',
  }),
  maxerrors: number({
    flag: 'maxerrors',
    description: 'return at most this many errors about files that could not be searched; never more than 20,000',
    unit: 'errors',
    example: '30',
    initial: 30,
    absent: '0 or absent = 20,000',
  }),
  remotefs: yesNo({
    flag: 'remotefs',
    description: 'accepted because MIG accepts it; it has no effect: remote file systems are always searched',
    example: 'true',
  }),
  matchall: yesNo({
    flag: 'matchall',
    description: 'a file must meet every condition',
    example: 'true',
    initial: true,
    absent: 'absent = each condition reports the files that meet it',
    opposite: { flag: 'matchany', description: 'each condition reports the files that meet it' },
  }),
  macroal: yesNo({
    flag: 'macroal',
    description: 'a content expression must match every line of a file, not just some line',
    example: 'true',
  }),
  mismatch: textList({
    flag: 'mismatch',
    description: 'negate the conditions of this kind: name, size, mode, mtime, content, md5, sha1, sha2, sha3',
    example: 'content',
    complete: checkKinds,
    check: checkKind,
  }),
  matchlimit: number({
    flag: 'matchlimit',
    description: 'stop a search after this many matches, at the latest where those of all searches fill 40 MiB',
    unit: 'matches',
    example: '1000',
    initial: 1000,
    absent: '0 or absent = unlimited',
  }),
  debug: yesWord({
    flag: 'verbose',
    description: "log on the endpoint which directories are entered and files read (MIG's options.debug: print)",
    example: 'true',
    travelsAs: 'print',
  }),
  returnsha256: yesNo({
    flag: 'returnsha256',
    description: 'add the SHA-256 of each matched file; not with matchany',
    example: 'true',
  }),
  decompress: yesNo({
    flag: 'decompress',
    description: 'search and hash what gzip files contain, not the files as they are',
    example: 'true',
  }),
});

/** One search, in MIG's keys and their order. */
const conditions = z.object({
  description: text({
    flag: 'description',
    description: 'a note for yourself; it comes back with the results',
    example: 'web shells of the March incident',
  }),
  paths: textList({
    flag: 'path',
    description: 'a file or directory to search, on the endpoint; no globbing',
    example: '/etc',
    required: true,
    complete: 'path',
    check: checkPath,
  }),
  contents: textList({
    flag: 'content',
    description: 'a line of the file matches this regular expression; ! in front = no line matches',
    example: '^root:.*:0:0:',
    check: checkPattern,
  }),
  names: textList({
    flag: 'name',
    description: 'the name without its directory matches this regular expression; ! in front = it does not',
    example: '^passwd$',
    check: checkPattern,
  }),
  sizes: textList({
    flag: 'size',
    description: 'the size is this, <N: at most this, >N: at least this; units k, m, g, t',
    unit: 'bytes',
    example: '>10m',
    check: checkSize,
  }),
  modes: textList({
    flag: 'mode',
    description:
      "the mode, in Go's notation such as -rw-r--r-- or urwxr-xr-x (setuid), matches this; ! in front = it does not",
    example: '^u',
    check: checkPattern,
  }),
  mtimes: textList({
    flag: 'mtime',
    description:
      'last modified less (<) or more (>) than this long ago: d, h, m (minutes), y; or after (<) or before (>) a date',
    example: '<90d',
    check: checkMtime,
  }),
  md5: textList({
    flag: 'md5',
    description: 'the MD5 of the file is this',
    example: 'd41d8cd98f00b204e9800998ecf8427e',
    check: checkChecksum('md5'),
  }),
  sha1: textList({
    flag: 'sha1',
    description: 'the SHA-1 of the file is this',
    example: 'da39a3ee5e6b4b0d3255bfef95601890afd80709',
    check: checkChecksum('sha1'),
  }),
  sha2: textList({
    flag: 'sha2',
    description: 'the SHA-256, SHA-384 or SHA-512 of the file is this; the length tells which',
    example: 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
    check: checkChecksum('sha2'),
  }),
  sha3: textList({
    flag: 'sha3',
    description: 'the SHA3-224, -256, -384 or -512 of the file is this; the length tells which',
    example: '6b4e03423667dbb73b6e15454f0eb1abd4597f9a1b078e3f5b5a6bc7',
    check: checkChecksum('sha3'),
  }),
  options: options.nullish().transform((value) => value ?? {}),
});

/** One search for files: MIG's parameters of its file module. */
export const fileSearch = conditions.superRefine(({ paths }, context) => {
  if (paths === undefined || paths.length === 0)
    context.addIssue({ code: 'custom', path: ['paths'], message: 'expected at least one path such as /etc, got none' });
});

export type FileSearch = z.output<typeof fileSearch>;

function checkPath(path: string): string | undefined {
  if (path === '') return 'expected a path such as /etc, got an empty text';
  return path.includes('\0') ? 'expected a path without a NUL character' : undefined;
}

function checkKind(kind: string): string | undefined {
  if ((checkKinds as readonly string[]).includes(kind)) return undefined;
  return `expected one of ${checkKinds.join(', ')}, got ${JSON.stringify(kind.slice(0, 100))}`;
}
