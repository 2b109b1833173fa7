import { parseBase64 } from './parse-base64.ts';
import { isKeyAlgorithm, parsePublicKey, type PublicKey } from './parse-public-key.ts';
import { SshFormatError } from './ssh-format-error.ts';

/** A public key as one line of a .pub, authorized_keys or allowed keys file. Texts are raw, one character a byte. */
export interface KeyLine {
  readonly key: PublicKey;
  readonly comment: string;
  /** What stands in front of the key: none in a .pub file. */
  readonly options: readonly KeyOption[];
}

/** One option of authorized_keys: `from="10.0.0.0/8"`; sshd(8). */
export interface KeyOption {
  readonly name: string;
  /** Undefined for a flag such as `restrict`. Quotes are taken off. */
  readonly value: string | undefined;
}

/** A line of known_hosts, sshd(8). */
export interface KnownHostLine {
  readonly key: PublicKey;
  readonly comment: string;
  /** Names and patterns; a hashed name stays "|1|salt|hash". */
  readonly hosts: readonly string[];
  readonly marker: 'cert-authority' | 'revoked' | undefined;
}

/** Longer lines are no keys: sshd reads 8 KiB of options and a key of 16 KiB. */
export const maxLineLength = 32 * 1024;
const maxOptions = 100;

/** True for a line that says nothing: blank or a comment. */
export function isBlankLine(line: string): boolean {
  return /^[ \t\r]*(#|$)/.test(line);
}

/** The key of a line, options first as in authorized_keys. Throws SshFormatError. */
export function parseKeyLine(line: string): KeyLine {
  checkLength(line);
  const bare = trimBlanks(line);
  const [first] = splitWord(bare);
  if (isKeyAlgorithm(first)) return { ...parseKeyAndComment(bare), options: [] };
  const end = endOfOptions(bare);
  if (end === bare.length) throw new SshFormatError('expected a key, got a single word');
  return { ...parseKeyAndComment(trimBlanks(bare.slice(end))), options: parseKeyOptions(bare.slice(0, end)) };
}

/** A line of known_hosts. Throws SshFormatError. */
export function parseKnownHostLine(line: string): KnownHostLine {
  checkLength(line);
  const [first, afterFirst] = splitWord(trimBlanks(line));
  const marker = first === '@cert-authority' || first === '@revoked' ? first : undefined;
  const [hosts, rest] = marker === undefined ? [first, afterFirst] : splitWord(afterFirst);
  return {
    ...parseKeyAndComment(rest),
    hosts: hosts.split(',').filter((host) => host !== ''),
    marker: marker === '@revoked' ? 'revoked' : marker && 'cert-authority',
  };
}

/** The options of a text like `from="a,b",restrict`. Throws SshFormatError where a quote is open or text follows a closed one. */
export function parseKeyOptions(text: string): readonly KeyOption[] {
  const options: KeyOption[] = [];
  const option = /([A-Za-z0-9@._-]+)(?:=("(?:\\"|[^"\\]|\\(?!"))*"|[^",]*))?(,|$)/y;
  while (option.lastIndex < text.length) {
    const found = option.exec(text);
    if (!found) throw new SshFormatError('expected options with their quotes closed');
    if (options.length === maxOptions) throw new SshFormatError(`expected at most ${maxOptions} options`);
    const [, name = '', value] = found;
    const bare = value?.startsWith('"') ? value.slice(1, -1).replaceAll('\\"', '"') : value;
    options.push({ name: name.toLowerCase(), value: bare });
  }
  return options;
}

function parseKeyAndComment(text: string): Pick<KeyLine, 'key' | 'comment'> {
  const [algorithm, afterAlgorithm] = splitWord(text);
  if (!isKeyAlgorithm(algorithm)) throw new SshFormatError('expected the name of an algorithm that is known');
  const [blob, comment] = splitWord(afterAlgorithm);
  const bytes = parseBase64(blob);
  const key = parsePublicKey(bytes);
  const length = bytes.length < 4 ? 0 : bytes.readUInt32BE();
  if (bytes.toString('latin1', 4, 4 + length) !== algorithm)
    throw new SshFormatError('the algorithm in the key is not the one in front of it');
  return { key, comment };
}

/** Where the options end, as sshd finds it: the first blank outside quotes. */
function endOfOptions(text: string): number {
  let isQuoted = false;
  for (let at = 0; at < text.length; at++) {
    const character = text[at];
    if (character === '\\' && text[at + 1] === '"') at++;
    else if (character === '"') isQuoted = !isQuoted;
    else if (!isQuoted && (character === ' ' || character === '\t')) return at;
  }
  return text.length;
}

/** The first word and what follows it, blanks between them left out. */
function splitWord(text: string): readonly [string, string] {
  const end = text.search(/[ \t]/);
  return end < 0 ? [text, ''] : [text.slice(0, end), trimBlanks(text.slice(end))];
}

function trimBlanks(text: string): string {
  let from = 0;
  let to = text.length;
  while (from < to && isBlank(text[from])) from++;
  while (to > from && isBlank(text[to - 1])) to--;
  return text.slice(from, to);
}

function isBlank(character: string | undefined): boolean {
  return character === ' ' || character === '\t' || character === '\r';
}

function checkLength(line: string): void {
  if (line.length > maxLineLength) throw new SshFormatError(`expected a line of at most ${maxLineLength} bytes`);
}
