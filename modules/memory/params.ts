import { z } from 'zod';
import { messageOf, ModuleError } from '../../src/base/app-error.ts';
import { number, text, textList, yesNo, type Check } from '../../src/module/fields.ts';
import { labelledParams, type Item, type ParamsOf } from '../../src/module/params.ts';
import { compileRegex } from '../../src/search/regex/compile-regex.ts';

/** How many addresses of a condition are told of a process unless a search says otherwise, and at most. */
export const usualAddresses = 10;
const mostAddresses = 1000;
/** A string of bytes may be so long; the scanner keeps as much of what it has read. */
export const maxStringBytes = 32 * 1024;
const maxRulesBytes = 8 * 1024 * 1024;

const options = z.object({
  offset: number({
    flag: 'offset',
    description: 'search memory from this address on',
    unit: 'bytes, as an address in the process',
    example: '0x7f2c00000000',
    absent: '0 or absent = from the first',
  }),
  maxlength: number({
    flag: 'maxlength',
    description: 'search only so much of the memory of each process, counted from its first byte that can be read',
    unit: 'bytes',
    example: '104857600',
    absent: '0 or absent = all of it',
  }),
  logfailures: yesNo({
    flag: 'logfailures',
    description: 'list in the statistics each process, and part of one, that could not be read, with the reason',
    example: 'true',
  }),
  matchall: yesNo({
    flag: 'matchall',
    description: 'a process must meet every condition',
    example: 'true',
    initial: true,
    absent: 'absent = each condition reports the processes that meet it',
    opposite: { flag: 'matchany', description: 'each condition reports the processes that meet it' },
  }),
  maxaddresses: number({
    flag: 'maxaddresses',
    description:
      'tell the first so many addresses of a condition in a process; 0 = none, which ends with the first match',
    unit: 'addresses',
    example: '100',
    initial: usualAddresses,
    absent: `absent = ${usualAddresses}`,
    max: mostAddresses,
  }),
});

/** One search, in MIG's keys and their order. */
const search = z.object({
  description: text({
    flag: 'description',
    description: 'a note for yourself; it comes back with the results',
    example: 'the implant of the March incident',
  }),
  names: textList({
    flag: 'name',
    description:
      'the path of the executable matches this regular expression; where there is none (threads of the kernel) or it may not be read (without root), "[name]"',
    example: '/sshd$',
    check: checkPattern,
  }),
  libraries: textList({
    flag: 'lib',
    description: 'the path of a mapped file, other than the executable, matches this regular expression',
    example: 'libssl',
    check: checkPattern,
  }),
  bytes: textList({
    flag: 'bytes',
    description: 'the memory holds these bytes, in hexadecimal',
    example: '7f454c46',
    check: checkBytes,
  }),
  contents: textList({
    flag: 'content',
    description: 'the memory matches this regular expression; lines do not matter, but to (?m)',
    example: 'AKIA[0-9A-Z]{16}',
    check: checkPattern,
  }),
  yara: text({
    flag: 'yara',
    description: 'some part of the memory matches one of these YARA rules',
    example: 'rule marker { strings: $a = "BEGIN MARKER" condition: $a }',
    fromFile: { flag: 'rules', description: 'the YARA rules in this file of your host, at most 8 MiB' },
    check: checkRules,
  }),
  pids: textList({
    flag: 'pid',
    description: 'look only at this process; other conditions say what for',
    example: '1',
    check: checkPid,
    numbersToo: true,
  }),
  options: options.nullish().transform((value) => value ?? {}),
});

export type MemorySearch = z.output<typeof search>;

const searches = labelledParams(search, { label: 's1', checkLabel });

/**
 * MIG's memory parameters: {"searches": {LABEL: SEARCH}}. An address may be typed as results show it. A search without a condition is taken from the wire, as
 * by MIG; flags and questions refuse it.
 */
export const params = {
  ...searches,
  fromItems: (items: ReadonlyMap<string, Item>): unknown => {
    if (items.size === 0) throw new ModuleError('PARAMETERS_INVALID', 'expected a search, got none: add one');
    for (const [label, item] of items) {
      if (!conditions.some((key) => hasValue(item[key])))
        throw new ModuleError('PARAMETERS_INVALID', describeIdle(label));
    }
    return searches.fromItems(items);
  },
  fields: searches.fields.map((field) =>
    field.flag === 'offset' ? { ...field, check: acceptHexadecimal(field.check) } : field,
  ),
};

export type Params = ParamsOf<typeof params>;

const conditions = [
  'names',
  'libraries',
  'bytes',
  'contents',
  'yara',
] as const satisfies readonly (keyof MemorySearch)[];

function hasValue(value: unknown): boolean {
  return Array.isArray(value) ? value.length > 0 : value !== undefined;
}

/** What is wrong with a search without a condition. */
export function describeIdle(label: string): string {
  return `the search '${label}' has no condition and can find nothing: give it a name, lib, bytes, content, yara or rules`;
}

/** Stricter than in file, as in MIG. */
function checkLabel(label: string): string | undefined {
  if (/^[a-zA-Z0-9_-]{1,64}$/.test(label)) return undefined;
  return `expected a label of 1 to 64 letters, digits, _ or -, got ${JSON.stringify(label.slice(0, 100))}`;
}

function acceptHexadecimal(check: Check): Check {
  return (typed) => check(/^0x[0-9a-f]{1,13}$/i.test(typed.trim()) ? String(Number(typed)) : typed);
}

function checkPattern(pattern: string): string | undefined {
  if (pattern === '') return 'expected a regular expression, got an empty text';
  try {
    compileRegex(pattern);
    return undefined;
  } catch (error) {
    return `expected a regular expression (RE2 syntax): ${messageOf(error)}`;
  }
}

function checkBytes(hex: string): string | undefined {
  const got = JSON.stringify(hex.slice(0, 100));
  if (!/^(?:[0-9a-f]{2})+$/i.test(hex))
    return `expected bytes as pairs of hexadecimal digits without 0x, as in 7f454c46, got ${got}`;
  if (hex.length > 2 * maxStringBytes) return `expected at most ${maxStringBytes} bytes, got ${hex.length / 2}`;
  return undefined;
}

function checkRules(rules: string): string | undefined {
  if (rules.trim() === '') return 'expected YARA rules, got an empty text';
  const size = Buffer.byteLength(rules);
  return size > maxRulesBytes ? `expected at most ${maxRulesBytes} bytes of rules, got ${size}` : undefined;
}

function checkPid(pid: string): string | undefined {
  if (/^[1-9]\d{0,9}$/.test(pid)) return undefined;
  return `expected the number of a process, got ${JSON.stringify(pid.slice(0, 100))}`;
}
