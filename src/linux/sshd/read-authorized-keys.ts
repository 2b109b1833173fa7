import type { HostFiles } from '../host/host-files.ts';
import { createUnparsed, formatLines, type Unparsed } from '../host/unparsed.ts';
import { isBlankLine, parseKeyLine, type KeyLine } from '../ssh/parse-key-line.ts';
import { SshFormatError } from '../ssh/ssh-format-error.ts';

/** A key with its line, from 1. */
export interface AuthorizedKey extends KeyLine {
  readonly line: number;
}

/** The base64 of every key begins so: its first field is short. Half a million lines without it would cost as many errors. */
const keyStart = 'AAAA';

/** The keys of a file, authorized_keys in sshd(8), and the lines that say something else. */
export function parseAuthorizedKeys(text: string): {
  readonly keys: readonly AuthorizedKey[];
  readonly unparsed: Unparsed;
} {
  const keys: AuthorizedKey[] = [];
  const unparsed = createUnparsed();
  for (const [index, content] of text.split('\n').entries()) {
    if (isBlankLine(content)) continue;
    if (!content.includes(keyStart)) {
      unparsed.add(index + 1);
      continue;
    }
    try {
      keys.push({ ...parseKeyLine(content), line: index + 1 });
    } catch (error) {
      if (!(error instanceof SshFormatError)) throw error;
      unparsed.add(index + 1);
    }
  }
  return { keys, unparsed };
}

/** The same of a file of a host; undefined when it is not there or cannot be read. Lines that are no key are noted, once however often it is read. */
export function readAuthorizedKeys(files: HostFiles, path: string): readonly AuthorizedKey[] | undefined {
  const text = files.readText(path);
  if (text === undefined) return undefined;
  const { keys, unparsed } = parseAuthorizedKeys(text);
  if (unparsed.count > 0) files.problems.add(`${path}, ${formatLines(unparsed)}: left out, expected keys`);
  return keys;
}
