import { decodeRaw, type Fields } from './parse-record.ts';

export interface RawArguments {
  /** One character a byte (latin1). */
  readonly args: readonly string[];
  /** True where there were more bytes than were asked for, or where a record of them was lost: the first ones are exact. */
  readonly isCut: boolean;
}

/** As many as the kernel takes at most in 2 MiB. */
const maxArguments = 262_144;

/**
 * The arguments of a program, byte for byte, from its EXECVE records in any order: argc=3 a0="ls" a1=68656C6C6F a2_len=18000 a2[0]=... a2[1]=...
 * Undefined without such records. Source: audit_log_execve_info() in kernel/auditsc.c: a long one comes in numbered parts, an argument is whole in one record otherwise.
 */
export function assembleRawArguments(records: readonly Fields[], maxBytes: number): RawArguments | undefined {
  if (records.length === 0) return undefined;
  const texts = new Map<string, string>();
  let count: number | undefined;
  for (const fields of records) {
    for (const [key, value] of fields) {
      if (key === 'argc') count = toCount(value.text);
      else if (/^a\d{1,6}(?:\[\d{1,6}\])?$/.test(key)) texts.set(key, decodeRaw(value));
      else if (/^a\d{1,6}_len$/.test(key)) texts.set(key, value.text);
    }
  }
  const args: string[] = [];
  let bytes = 0;
  for (let index = 0; index < Math.min(count ?? maxArguments, maxArguments); index++) {
    const arg = findArgument(texts, index, maxBytes - bytes);
    if (arg === undefined) return { args, isCut: count !== undefined || texts.size > index };
    args.push(arg.text);
    // A NUL behind each, as in /proc.
    bytes += arg.text.length + 1;
    if (arg.isCut || bytes > maxBytes) return { args, isCut: true };
  }
  return { args, isCut: count === undefined || count > maxArguments };
}

/** Undefined where it is not there, or is not whole and nothing of it is there. */
function findArgument(
  texts: ReadonlyMap<string, string>,
  index: number,
  room: number,
): { readonly text: string; readonly isCut: boolean } | undefined {
  const whole = texts.get(`a${index}`);
  if (whole !== undefined) return cut(whole, room, false);
  let text = '';
  let part = 0;
  for (; text.length <= room; part++) {
    const next = texts.get(`a${index}[${part}]`);
    if (next === undefined) break;
    text += next;
  }
  if (part === 0) return undefined;
  // As it is written: twice the bytes where that is in hexadecimal.
  const length = Number(texts.get(`a${index}_len`));
  return cut(text, room, text.length !== length && 2 * text.length !== length);
}

function cut(text: string, room: number, isCut: boolean): { readonly text: string; readonly isCut: boolean } {
  return text.length > room ? { text: text.slice(0, Math.max(room, 0)), isCut: true } : { text, isCut };
}

function toCount(text: string): number | undefined {
  return /^\d{1,7}$/.test(text) ? Number(text) : undefined;
}
