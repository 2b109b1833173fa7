/**
 * One audit record: `audit(1795258530.686:4): key=value ...`. Values are bare, in double quotes, in hexadecimal where the kernel does not trust them, or
 * in single quotes with more keys and values inside (msg='...', from user space). Pure; never throws.
 */

/** The longest record that the kernel makes (AUDIT_MESSAGE_TEXT_MAX, MAX_AUDIT_MESSAGE_LENGTH), with room. */
export const maxRecordBytes = 16 * 1024;
const maxFields = 2048;

export interface AuditRecord {
  readonly type: number;
  /** Counts all events of the host, and rolls over at 2^32. All records of one event have the same. */
  readonly serial: number;
  /** As it stands there: seconds since 1970 with three decimals. */
  readonly timestamp: string;
  /** The text behind "audit(...): ". */
  readonly body: string;
}

export interface FieldValue {
  readonly text: string;
  /** Quoted values are texts as they are; a bare one may be a number, a word or a text in hexadecimal. */
  readonly isQuoted: boolean;
}

/** `key=value` pairs in the order they stand. A key that stands twice keeps its last value. */
export type Fields = ReadonlyMap<string, FieldValue>;

const header = /^audit\((\d{1,15}\.\d{1,9}):(\d{1,10})\): ?/;

/** Undefined for what is not a record. */
export function parseRecord(type: number, text: string): AuditRecord | undefined {
  const found = header.exec(text);
  const serial = Number(found?.[2]);
  if (!found || serial > 0xffff_ffff) return undefined;
  return { type, serial, timestamp: found[1] ?? '', body: text.slice(found[0].length) };
}

/** The text of a record's bytes: UTF-8, and what is not UTF-8 byte for byte. The kernel ends some with NUL or a line end. */
export function decodeText(bytes: Buffer): string {
  let end = Math.min(bytes.length, maxRecordBytes);
  while (end > 0 && (bytes[end - 1] === 0 || bytes[end - 1] === 0x0a)) end--;
  const text = bytes.toString('latin1', 0, end);
  return /[\x80-\xff]/.test(text) ? bytes.toString('utf8', 0, end) : text;
}

// A key begins only where a word does, and each kind of value ends at a character that it cannot contain: linear.
const pair = /(?<![^\s'"])([^\s='"]+)=(?:"([^"]*)"|'([^']*)'|([^\s]*))/g;

/** The pairs of a record's body. Pairs inside single quotes stand beside the others; those outside win. */
export function parseFields(body: string): Fields {
  const fields = new Map<string, FieldValue>();
  const inner: string[] = [];
  collect(body, fields, inner);
  const nested = new Map<string, FieldValue>();
  for (const text of inner) collect(text, nested, []);
  for (const [key, value] of nested) if (!fields.has(key) && fields.size < maxFields) fields.set(key, value);
  return fields;
}

function collect(text: string, fields: Map<string, FieldValue>, inner: string[]): void {
  for (const [, key = '', quoted, nested, bare] of text.matchAll(pair)) {
    if (fields.size >= maxFields) return;
    if (nested !== undefined && nested.includes('=')) inner.push(nested);
    else fields.set(key, { text: quoted ?? nested ?? bare ?? '', isQuoted: bare === undefined });
  }
}

const hexBytes = /^(?:[0-9A-Fa-f]{2})+$/;

/** The same, one character a byte (latin1): what a program is called need not be UTF-8. The kernel writes bytes beyond ASCII in hexadecimal. */
export function decodeRaw({ text, isQuoted }: FieldValue): string {
  return isQuoted || !hexBytes.test(text) ? text : Buffer.from(text, 'hex').toString('latin1');
}

/** A value that the kernel writes in quotes, or in hexadecimal where a character in it is not plain. Source: audit_log_untrustedstring. */
export function decodeUntrusted({ text, isQuoted }: FieldValue): string {
  return isQuoted || !hexBytes.test(text) ? text : Buffer.from(text, 'hex').toString('utf8');
}
