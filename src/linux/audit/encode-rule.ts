/** struct audit_rule_data: a rule as the kernel takes it and lists it. Pure. Source: linux/audit.h. */
import { keySeparator } from './interpret-event.ts';
import { numberFields, ruleActions, ruleLists, ruleOperators, textFields, type AuditRule } from './rule.ts';

const maskWords = 64;
/** The bits behind stand for classes of system calls, which the kernel puts in their place and clears. */
export const syscallBytes = 254;
const maxFields = 64;
const maxKeyBytes = 256;
const fieldsAt = 12 + 4 * maskWords;
const valuesAt = fieldsAt + 4 * maxFields;
const operatorsAt = valuesAt + 4 * maxFields;
const textLengthAt = operatorsAt + 4 * maxFields;
const textsAt = textLengthAt + 4;
const prependFlag = 0x10;
const texts = new Set<number>(Object.values(textFields));

/** The rule's bytes. Throws RangeError for what the struct cannot hold. */
export function encodeRule(rule: AuditRule): Buffer {
  if (rule.fields.length > maxFields) throw new RangeError(`expected at most ${maxFields} fields in a rule`);
  const head = Buffer.alloc(textsAt);
  head.writeUInt32LE(ruleLists[rule.list], 0);
  head.writeUInt32LE(ruleActions[rule.action], 4);
  head.writeUInt32LE(rule.fields.length, 8);
  if (rule.syscalls === 'all') head.fill(0xff, 12, fieldsAt);
  else for (const syscall of rule.syscalls) setBit(head, syscall);
  const buffers: Buffer[] = [];
  for (const [index, { name, operator, value }] of rule.fields.entries()) {
    const at = 4 * index;
    head.writeUInt32LE(ruleOperators[operator], operatorsAt + at);
    if (typeof value === 'number') {
      head.writeUInt32LE(numberFields[name as keyof typeof numberFields], fieldsAt + at);
      head.writeUInt32LE(value >>> 0, valuesAt + at);
    } else {
      const text = Buffer.from(value);
      if (name === 'key' && text.length > maxKeyBytes) throw new RangeError(`expected a key of at most 256 bytes`);
      head.writeUInt32LE(textFields[name as keyof typeof textFields], fieldsAt + at);
      head.writeUInt32LE(text.length, valuesAt + at);
      buffers.push(text);
    }
  }
  const text = Buffer.concat(buffers);
  head.writeUInt32LE(text.length, textLengthAt);
  // As auditctl sends it: filled up to whole words.
  return Buffer.concat([head, text], textsAt + 4 * Math.ceil(text.length / 4));
}

function setBit(head: Buffer, syscall: number): void {
  if (syscall < 0 || syscall >= 8 * syscallBytes)
    throw new RangeError(`expected a system call below 2032, got ${syscall}`);
  const at = 12 + 4 * Math.floor(syscall / 32);
  head.writeUInt32LE((head.readUInt32LE(at) | (1 << (syscall % 32))) >>> 0, at);
}

export interface ListedRule {
  /** Numbers of ruleLists and ruleActions. */
  readonly list: number;
  readonly action: number;
  /** False for a rule that fits everything: of all system calls, without fields but keys. */
  readonly hasConditions: boolean;
  /** As the kernel gave it: what takes the rule back. */
  readonly bytes: Buffer;
  readonly keys: readonly string[];
  /** The same for rules that differ in their keys alone. */
  readonly meaning: string;
}

/** A rule of the kernel's list; undefined for bytes that are none. */
export function readRule(bytes: Buffer): ListedRule | undefined {
  if (bytes.length < textsAt) return undefined;
  const count = bytes.readUInt32LE(8);
  const textBytes = bytes.readUInt32LE(textLengthAt);
  if (count > maxFields || textBytes > bytes.length - textsAt) return undefined;
  const keys: string[] = [];
  const fields: string[] = [];
  let textAt = textsAt;
  for (let at = 0; at < 4 * count; at += 4) {
    const field = bytes.readUInt32LE(fieldsAt + at);
    const value = bytes.readUInt32LE(valuesAt + at);
    if (!texts.has(field)) {
      fields.push(`${field} ${bytes.readUInt32LE(operatorsAt + at)} ${value}`);
      continue;
    }
    if (value > textsAt + textBytes - textAt) return undefined;
    const text = bytes.toString('utf8', textAt, textAt + value);
    textAt += value;
    if (field === textFields.key) keys.push(...text.split(keySeparator));
    else fields.push(`${field} ${bytes.readUInt32LE(operatorsAt + at)} ${JSON.stringify(text)}`);
  }
  const list = bytes.readUInt32LE(0) & ~prependFlag;
  const mask = bytes.toString('hex', 12, 12 + syscallBytes);
  const action = bytes.readUInt32LE(4);
  const meaning = [list, action, mask, ...fields.sort()].join('\n');
  return {
    list,
    action,
    hasConditions: fields.length > 0,
    bytes: bytes.subarray(0, textsAt + textBytes),
    keys,
    meaning,
  };
}
