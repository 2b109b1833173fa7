/** Finds the keys in the bytes of a file. Pure and linear; what is no key is passed over, what begins like one and is none is told. */
import { parseBase64 } from './parse-base64.ts';
import {
  isBlankLine,
  maxLineLength,
  parseKeyLine,
  parseKnownHostLine,
  type KeyLine,
  type KnownHostLine,
} from './parse-key-line.ts';
import { isPrivateKeyLabel, parsePrivateKey } from './parse-private-key.ts';
import type { PrivateKey } from './private-key.ts';
import { parsePublicKey } from './parse-public-key.ts';
import { parsePuttyKey, puttyMark } from './parse-putty-key.ts';
import { ForeignKeyError, SshFormatError } from './ssh-format-error.ts';

/** `any` looks for keys wherever they stand; of the others every line that is no comment is expected to be a key. */
export type KeyFileKind = 'any' | 'authorizedkeys' | 'knownhosts';

/** A key and the line, from 1, on which it begins. */
export type FoundKey = { readonly line: number } & (
  | { readonly kind: 'private'; readonly key: PrivateKey }
  | { readonly kind: 'public'; readonly key: KeyLine }
  | { readonly kind: 'knownhost'; readonly key: KnownHostLine }
);

export interface KeyFile {
  readonly keys: readonly FoundKey[];
  /** What begins like a key, or stands where one is expected, and is none: the line and why. */
  readonly unparsable: readonly { readonly line: number; readonly reason: string }[];
  /** True where more keys followed than were asked for. */
  readonly isCut: boolean;
}

const privateMark = 'PRIVATE KEY-----';
const ssh2Mark = '---- BEGIN SSH2 PUBLIC KEY ----';
const ssh2End = '---- END SSH2 PUBLIC KEY ----';
/** Every key in base64 begins so: its first field is shorter than 2^24 bytes. */
const blobMark = 'AAAA';
const privateBytes = Buffer.from(privateMark);
const blobBytes = Buffer.from(blobMark);
const puttyBytes = Buffer.from(puttyMark);

export interface ParseOptions {
  readonly kind: KeyFileKind;
  readonly maxKeys: number;
  /** What else the file holds, sound or not, is passed over in silence. */
  readonly wanted: ReadonlySet<FoundKey['kind']>;
}

export const allKeys: ParseOptions['wanted'] = new Set(['private', 'public', 'knownhost']);

/** True where it is worth parsing these bytes as a file of kind `any`; a quick look. */
export function mayHoldKeys(bytes: Buffer, wanted: ParseOptions['wanted'] = allKeys): boolean {
  if (wanted.has('public') && bytes.includes(blobBytes)) return true;
  if (!wanted.has('private')) return false;
  return bytes.includes(privateBytes) || bytes.subarray(0, puttyBytes.length).equals(puttyBytes);
}

export function parseKeyFile(bytes: Buffer, { kind, maxKeys, wanted }: ParseOptions): KeyFile {
  const text = bytes.toString('latin1');
  const found = createFound(text, maxKeys);
  const isPutty = kind === 'any' && text.startsWith(puttyMark);
  if (wanted.has('private')) {
    if (isPutty) found.add(0, () => ({ kind: 'private', key: parsePuttyKey(text) }));
    else if (kind !== 'knownhosts' && text.includes(privateMark)) addPrivateKeys(text, found);
  }
  if (kind === 'any' && !isPutty && wanted.has('public')) {
    addSsh2Keys(text, found);
    addKeyLines(text, found);
  }
  if (kind === 'authorizedkeys' && wanted.has('public')) addEveryLine(text, kind, found);
  if (kind === 'knownhosts' && wanted.has('knownhost')) addEveryLine(text, kind, found);
  return found.finish();
}

type Parsed =
  | { readonly kind: 'private'; readonly key: PrivateKey }
  | { readonly kind: 'public'; readonly key: KeyLine }
  | { readonly kind: 'knownhost'; readonly key: KnownHostLine };

interface Found {
  /** Takes what `parse` returns as found at this place of the text, or notes why there is nothing. */
  readonly add: (at: number, parse: () => Parsed) => void;
  /** The same without a word where it is no key. */
  readonly addIfKey: (at: number, parse: () => Parsed) => void;
  readonly isFull: () => boolean;
  readonly finish: () => KeyFile;
}

function createFound(text: string, maxKeys: number): Found {
  const keys: { at: number; parsed: Parsed }[] = [];
  const unparsable: { at: number; reason: string }[] = [];
  const isFull = (): boolean => keys.length >= maxKeys || unparsable.length >= maxKeys;
  const add = (at: number, parse: () => Parsed, onFailure: (reason: string) => void): void => {
    if (isFull()) return;
    try {
      keys.push({ at, parsed: parse() });
    } catch (error) {
      if (!(error instanceof SshFormatError)) throw error;
      if (!(error instanceof ForeignKeyError)) onFailure(error.message);
    }
  };
  return {
    add: (at, parse) => add(at, parse, (reason) => void unparsable.push({ at, reason })),
    addIfKey: (at, parse) => add(at, parse, () => {}),
    isFull,
    finish: () => {
      const lineOf = createLineCounter(text);
      keys.sort((a, b) => a.at - b.at);
      const counted = keys.map(({ at, parsed }) => ({ line: lineOf(at), ...parsed }));
      const lineOfUnparsable = createLineCounter(text);
      return {
        keys: counted,
        unparsable: unparsable
          .sort((a, b) => a.at - b.at)
          .map(({ at, reason }) => ({ line: lineOfUnparsable(at), reason })),
        isCut: isFull(),
      };
    },
  };
}

/** The line number of a place; places must be asked for in order. */
function createLineCounter(text: string): (at: number) => number {
  let line = 1;
  let from = 0;
  return (at) => {
    for (let end = text.indexOf('\n', from); end >= 0 && end < at; end = text.indexOf('\n', from)) {
      line++;
      from = end + 1;
    }
    return line;
  };
}

/** A key is at most this long: RSA of 16384 bits takes 13 KiB. */
const maxPrivateLength = 64 * 1024;

function addPrivateKeys(text: string, found: Found): void {
  const begin = /-----BEGIN ([A-Z0-9 ]{0,24}PRIVATE KEY)-----[ \t\r]*\n/g;
  for (let match = begin.exec(text); match && !found.isFull(); match = begin.exec(text)) {
    const [, label = ''] = match;
    if (!isPrivateKeyLabel(label) || !isIndentation(text, match.index)) continue;
    const from = begin.lastIndex;
    const next = text.indexOf('-----BEGIN ', from);
    const near = text.slice(from, Math.min(from + maxPrivateLength, next < 0 ? text.length : next));
    const length = near.indexOf(`-----END ${label}-----`);
    found.add(match.index, () => {
      if (length < 0) throw new SshFormatError('its end is missing');
      return { kind: 'private', key: parsePrivateKey(label, near.slice(0, length)) };
    });
    begin.lastIndex = from + Math.max(0, length);
  }
}

/** True where only blanks stand between the beginning of the line and this place. */
function isIndentation(text: string, at: number): boolean {
  let from = at;
  while (from > 0 && at - from < 64 && (text[from - 1] === ' ' || text[from - 1] === '\t')) from--;
  return from === 0 || text[from - 1] === '\n';
}

/** Public keys in the form of RFC 4716. */
function addSsh2Keys(text: string, found: Found): void {
  let before = 0;
  for (let end = text.indexOf(ssh2End); end >= 0 && !found.isFull(); end = text.indexOf(ssh2End, before)) {
    const from = Math.max(before, end - maxPrivateLength);
    before = end + ssh2End.length;
    const at = text.slice(from, end).lastIndexOf(ssh2Mark);
    if (at < 0 || !isIndentation(text, from + at)) continue;
    found.add(from + at, () => ({ kind: 'public', key: parseSsh2Key(text.slice(from + at + ssh2Mark.length, end)) }));
  }
}

function parseSsh2Key(body: string): KeyLine {
  // A header goes on in the next line behind a backslash.
  const lines = body.replaceAll('\r', '').replaceAll('\\\n', '').split('\n');
  const comment =
    lines
      .find((line) => /^comment:/i.test(line))
      ?.slice('comment:'.length)
      .trim() ?? '';
  const blob = lines
    .filter((line) => !line.includes(':'))
    .join('')
    .trim();
  return { key: parsePublicKey(parseBase64(blob)), comment: comment.replace(/^"(.*)"$/, '$1'), options: [] };
}

/** Lines that are a key, wherever they stand. */
function addKeyLines(text: string, found: Found): void {
  for (let at = text.indexOf(blobMark); at >= 0 && !found.isFull();) {
    const start = text.lastIndexOf('\n', at) + 1;
    const end = endOfLine(text, at);
    const line = text.slice(start, Math.min(end, start + maxLineLength + 1));
    // A blank stands in front of the base64 of a key; base64 by itself is none, and most lines end here.
    if (/[ \t]AAAA/.test(line) && !isBlankLine(line)) {
      found.addIfKey(start, () => ({ kind: 'public', key: parseKeyLine(line) }));
    }
    at = text.indexOf(blobMark, end);
  }
}

function addEveryLine(text: string, kind: 'authorizedkeys' | 'knownhosts', found: Found): void {
  for (let start = 0; start < text.length && !found.isFull();) {
    const end = endOfLine(text, start);
    const line = text.slice(start, end);
    if (!isBlankLine(line)) {
      found.add(start, () =>
        kind === 'knownhosts'
          ? { kind: 'knownhost', key: parseKnownHostLine(line) }
          : { kind: 'public', key: parseKeyLine(line) },
      );
    }
    start = end + 1;
  }
}

function endOfLine(text: string, from: number): number {
  const end = text.indexOf('\n', from);
  return end < 0 ? text.length : end;
}
