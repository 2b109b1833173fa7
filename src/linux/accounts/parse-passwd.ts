import { createUnparsed, type Unparsed } from '../host/unparsed.ts';

/** A line of passwd(5). The password field is kept only as what it says. */
export interface PasswdEntry {
  readonly name: string;
  /** "shadow": the password stands in shadow(5); "empty": none is asked for; "here": a hash, or a lock, in a file that everybody can read. */
  readonly passwordField: 'shadow' | 'empty' | 'here';
  /** What stands in the field when it is "here", for parsePassword; never to be shown. */
  readonly passwordText: string;
  readonly uid: number;
  readonly gid: number;
  readonly comment: string;
  readonly home: string;
  readonly shell: string;
  /** From 1. */
  readonly line: number;
}

export interface Parsed<Entry> {
  readonly entries: readonly Entry[];
  /** Lines that were not understood. */
  readonly unparsed: Unparsed;
  /** Lines of NIS ("+", "+name", "-name"): they stand for accounts of the network. */
  readonly nis: Unparsed;
}

const maxEntries = 200_000;

/** Calls back with every line that says something, split at colons; a callback that gives undefined did not understand its line. */
export function parseColonLines<Entry>(
  text: string,
  parse: (fields: readonly string[], line: number) => Entry | undefined,
): Parsed<Entry> {
  const entries: Entry[] = [];
  const [unparsed, nis] = [createUnparsed(), createUnparsed()];
  for (const [index, line] of text.split('\n').entries()) {
    if (line.trim() === '' || line.startsWith('#')) continue;
    if (/^[+-]/.test(line)) {
      nis.add(index + 1);
      continue;
    }
    const entry = entries.length < maxEntries ? parse(line.split(':', 16), index + 1) : undefined;
    if (entry === undefined) unparsed.add(index + 1);
    else entries.push(entry);
  }
  return { entries, unparsed, nis };
}

/** The accounts of a passwd file in its order. */
export function parsePasswd(text: string): Parsed<PasswdEntry> {
  return parseColonLines(text, (fields, line) => {
    const [name = '', password = '', uid = '', gid = '', comment = '', home = '', shell = ''] = fields;
    if (fields.length < 4 || name === '' || !isId(uid) || !isId(gid)) return undefined;
    const passwordField = password === '' ? 'empty' : password === 'x' ? 'shadow' : 'here';
    const ids = { uid: Number(uid), gid: Number(gid) };
    return {
      name,
      passwordField,
      passwordText: passwordField === 'here' ? password : '',
      ...ids,
      comment,
      home,
      shell,
      line,
    };
  });
}

/** True for the digits of a user or group id: 32 bits, without a sign. */
export function isId(text: string): boolean {
  return /^\d{1,10}$/.test(text) && Number(text) <= 0xffff_ffff;
}
