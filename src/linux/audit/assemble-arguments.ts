import { decodeUntrusted, type Fields } from './parse-record.ts';

/** As many as the kernel takes at most in 2 MiB: an empty argument needs two bytes and a pointer. */
const maxArguments = 262_144;

/**
 * The arguments of a program from its EXECVE records: a0="ls" a1=68656C6C6F a2_len=18000 a2[0]=... a2[1]=... An argument that is missing, as its record was
 * lost, is empty. Bytes that are not UTF-8 become U+FFFD.
 */
export function assembleArguments(records: readonly Fields[]): readonly string[] {
  const whole = new Map<number, string>();
  const parts = new Map<number, Buffer[]>();
  let count = 0;
  let known = 0;
  for (const [key, value] of records.flatMap((fields) => [...fields])) {
    const found = /^a(\d{1,6})(?:\[(\d{1,6})\])?$/.exec(key);
    if (!found) {
      if (key === 'argc') count = Math.max(count, toCount(value.text));
      continue;
    }
    const index = Number(found[1]);
    if (index >= maxArguments) continue;
    known = Math.max(known, index + 1);
    if (found[2] === undefined) whole.set(index, decodeUntrusted(value));
    else {
      const list = parts.get(index) ?? [];
      list[Number(found[2])] = Buffer.from(value.text, value.isQuoted ? 'utf8' : 'hex');
      parts.set(index, list);
    }
  }
  return Array.from({ length: Math.max(known, Math.min(count, maxArguments)) }, (_, index) => {
    const list = parts.get(index);
    return list ? Buffer.concat(list.filter(Boolean)).toString('utf8') : (whole.get(index) ?? '');
  });
}

function toCount(text: string): number {
  return /^\d{1,7}$/.test(text) ? Number(text) : 0;
}
