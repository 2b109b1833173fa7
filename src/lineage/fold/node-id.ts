/**
 * The ids of processes: 5 characters of the pid and 11 of a hash of {boot id, pid namespace, pid, start}, in base 32 (0-9a-v). That the pid stands in it makes an index of ids unnecessary.
 *
 * The start is in clock ticks, which a birth event and /proc agree on. Of two lives of a pid that began in one tick the first is named by the tick, a further one by its exact birth, too.
 * While no start is known the id is provisional: the pid, the moment of the first thing that was told (ns), and the boot. It is not kept anywhere: whoever asks by it later means the life of
 * that pid at that moment, and gets it, whatever its id is then.
 */
import { hash } from 'node:crypto';

const pidLength = 5;
const hashLength = 11;
const bootLength = 4;
const digits = '0123456789abcdefghijklmnopqrstuv';

/** What all ids of one boot and namespace have in common. */
export interface IdScope {
  readonly bootId: string;
  readonly pidNamespace: number | undefined;
}

export function formatId(scope: IdScope, pid: number, startTicks: number, birthNs: number | undefined): string {
  const text = `${scope.bootId}/${scope.pidNamespace ?? ''}/${pid}/${startTicks}${birthNs === undefined ? '' : `/${birthNs}`}`;
  return inBase32(pid, pidLength) + hashOf(text, hashLength);
}

export function formatProvisionalId(scope: IdScope, pid: number, atNs: number): string {
  return inBase32(pid, pidLength) + inBase32(Math.max(0, Math.floor(atNs)), hashLength) + bootMark(scope);
}

/** The pid that an id is of, and the moment where it is provisional; undefined = no id, or of another boot. */
export function parseId(scope: IdScope, id: string): { readonly pid: number; readonly atNs?: number } | undefined {
  if (!/^[0-9a-v]+$/.test(id)) return undefined;
  const pid = Number.parseInt(id.slice(0, pidLength), 32);
  if (id.length === pidLength + hashLength) return { pid };
  if (id.length !== pidLength + hashLength + bootLength || !id.endsWith(bootMark(scope))) return undefined;
  return { pid, atNs: Number.parseInt(id.slice(pidLength, pidLength + hashLength), 32) };
}

function bootMark(scope: IdScope): string {
  return hashOf(`${scope.bootId}/${scope.pidNamespace ?? ''}`, bootLength);
}

function inBase32(value: number, length: number): string {
  return value.toString(32).padStart(length, '0');
}

function hashOf(text: string, length: number): string {
  const hex = hash('sha256', text, 'hex');
  let characters = '';
  // Two hexadecimal digits make one character of five bits: simple, and as even as the hash.
  for (let index = 0; index < length; index++) {
    characters += digits[Number.parseInt(hex.slice(2 * index, 2 * index + 2), 16) & 31];
  }
  return characters;
}
