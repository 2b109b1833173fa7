/**
 * Paths of Linux are bytes, results and parameters are text. A byte that is not part of UTF-8 stands as a lone surrogate, U+DC00 plus its value (the
 * convention of Python's PEP 383): 0xE9 is "\udce9". No valid name contains one, JSON carries it, and encodePath gives the bytes back, so that what
 * a search reports can be searched again.
 */
import { isUtf8 } from 'node:buffer';

const loneByte = /[\udc80-\udcff]/u;

/** The text of a path or a name. */
export function decodePath(bytes: Buffer): string {
  if (isUtf8(bytes)) return bytes.toString('utf8');
  let text = '';
  for (let at = 0; at < bytes.length;) {
    const length = characterLength(bytes, at);
    text += length === 0 ? String.fromCharCode(0xdc00 + (bytes[at] ?? 0)) : bytes.toString('utf8', at, at + length);
    at += Math.max(1, length);
  }
  return text;
}

/** The same from text whose every character is one byte, as Node's 'latin1' reads names: the fast way, since most names are ASCII. */
export function decodeLatin1Path(latin1: string): string {
  return isAscii(latin1) ? latin1 : decodePath(Buffer.from(latin1, 'latin1'));
}

/** What to give to the file system for this text: the text itself, or bytes where it stands for bytes that are not UTF-8. */
export function encodePath(text: string): string | Buffer {
  if (text.isWellFormed()) return text;
  const parts: Buffer[] = [];
  let rest = text;
  for (let at = rest.search(loneByte); at >= 0; at = rest.search(loneByte)) {
    parts.push(Buffer.from(rest.slice(0, at)), Buffer.of(rest.charCodeAt(at) - 0xdc00));
    rest = rest.slice(at + 1);
  }
  return Buffer.concat([...parts, Buffer.from(rest)]);
}

/** Directory and name as one path; the name is taken as it is. */
export function joinPath(directory: string, name: string): string {
  return directory === '/' ? `/${name}` : `${directory}/${name}`;
}

function isAscii(latin1: string): boolean {
  for (let at = 0; at < latin1.length; at++) if (latin1.charCodeAt(at) > 0x7f) return false;
  return true;
}

/** How many bytes the UTF-8 character at this place has; 0 when there is none. */
function characterLength(bytes: Buffer, at: number): number {
  for (let length = 1; length <= 4 && at + length <= bytes.length; length++) {
    if (isUtf8(bytes.subarray(at, at + length))) return length;
  }
  return 0;
}
