/**
 * ParamsParser: parameters from a command line, derived from the fields.
 * Syntax of Go's flag package, MIG's: -flag value, -flag=value, --flag, booleans by presence or =true/=false, lists by repeating the flag.
 */
import { ModuleError } from '../base/app-error.ts';
import { nearest } from '../base/nearest.ts';
import type { Field } from './fields.ts';
import { formatValue, initialItem, validateParameters, valueAt, withValue, type Item, type Params } from './params.ts';

/** A flag as it was found: its name without dashes, and the value behind its = sign, if it had one. */
export interface FlagWord {
  readonly name: string;
  readonly inline: string | undefined;
}

/** Reads one word as a flag; undefined for anything else: a lone dash, a negative number, a plain word. */
export function parseFlagWord(word: string): FlagWord | undefined {
  const found = /^--?([A-Za-z][A-Za-z0-9-]*)(?:=(.*))?$/s.exec(word);
  return found ? { name: found[1] ?? '', inline: found[2] } : undefined;
}

/** The validated parameters that these words mean. Throws ModuleError FLAG_UNKNOWN, FLAG_VALUE or PARAMETERS_INVALID. */
export function parseParams<P>(params: Params<P>, words: readonly string[]): unknown {
  const item = parseItem(params.fields, words);
  const missing = params.fields.find((field) => field.required && valueAt(item, field) === undefined);
  if (missing)
    throw new ModuleError(
      'FLAG_VALUE',
      `-${missing.flag}: expected a value, got none (${exampleOf(missing)}${missing.fromFile ? `, or -${missing.fromFile.flag} FILE` : ''})`,
    );
  const parameters = params.fromItems(new Map([[params.label?.initial ?? '', item]]));
  validateParameters(params, parameters);
  return parameters;
}

function parseItem(fields: readonly Field[], words: readonly string[]): Item {
  let item = initialItem(fields);
  const switchedOff: Field[] = [];
  for (let at = 0; at < words.length; at++) {
    const word = words[at] ?? '';
    const flag = parseFlagWord(word);
    if (!flag)
      throw new ModuleError(
        'FLAG_VALUE',
        `expected a flag like -${fields[0]?.flag ?? 'help'}, got ${JSON.stringify(word)}`,
      );
    const field = findField(fields, flag.name);
    if (field.opposite?.flag === flag.name) {
      if (parseBoolean(flag)) switchedOff.push(field);
      continue;
    }
    if (field.fromFile?.flag === flag.name)
      throw new ModuleError('FLAG_VALUE', `-${flag.name}: expected a file of the console's host, which was not read`);
    if (field.kind === 'boolean') {
      item = withValue(item, field, parseBoolean(flag));
      continue;
    }
    const value = flag.inline ?? words[++at];
    if (value === undefined)
      throw new ModuleError(
        'FLAG_VALUE',
        `-${flag.name}: expected a value, got the end of the line (${exampleOf(field)})`,
      );
    item = withFlag(item, field, value);
  }
  for (const field of switchedOff) item = withValue(item, field, false);
  return item;
}

function withFlag(item: Item, field: Field, value: string): Item {
  const problem = field.check(value);
  if (problem) throw new ModuleError('FLAG_VALUE', `-${field.flag}: ${problem} (${exampleOf(field)})`);
  if (field.kind !== 'list') return withValue(item, field, field.parse(value));
  const before = valueAt(item, field);
  return withValue(item, field, [...(Array.isArray(before) ? before : []), value]);
}

/** "example: -compare '< 1.2'", as it is to be typed. */
function exampleOf({ flag, example }: Field): string {
  return `example: -${flag} ${quoteWord(example)}`;
}

function parseBoolean(flag: FlagWord): boolean {
  if (flag.inline === undefined) return true;
  if (/^(true|t|1|yes|y)$/i.test(flag.inline)) return true;
  if (/^(false|f|0|no|n)$/i.test(flag.inline)) return false;
  throw new ModuleError(
    'FLAG_VALUE',
    `-${flag.name}: expected true or false, got ${JSON.stringify(flag.inline)} (example: -${flag.name}=false)`,
  );
}

function findField(fields: readonly Field[], name: string): Field {
  const field = fields.find((candidate) => flagNames([candidate]).includes(name));
  if (field) return field;
  const near = nearest(name, flagNames(fields));
  throw new ModuleError(
    'FLAG_UNKNOWN',
    `-${name} is not a flag of this module${near ? `: did you mean -${near}?` : ''}`,
  );
}

/** Every flag the fields understand, without dashes. */
export function flagNames(fields: readonly Field[]): readonly string[] {
  return fields.flatMap(({ flag, opposite, fromFile }) => [
    flag,
    ...(opposite ? [opposite.flag] : []),
    ...(fromFile ? [fromFile.flag] : []),
  ]);
}

/** The command line that gives this item again: what `history`, `copy` and an edit by flags show. */
export function formatFlags(fields: readonly Field[], item: Item): string {
  return fields
    .flatMap((field) => {
      const value = valueAt(item, field);
      if (value === undefined || value === field.initial) return [];
      if (field.kind === 'boolean')
        return [
          value === true ? `-${field.flag}` : field.opposite ? `-${field.opposite.flag}` : `-${field.flag}=false`,
        ];
      return (Array.isArray(value) ? value : [value]).map((one) => `-${field.flag} ${quoteWord(formatValue(one))}`);
    })
    .join(' ');
}

/** The word as it must be typed so that it is read back as one word. */
export function quoteWord(word: string): string {
  return /^[\w@%+=:,./^-]+$/.test(word) ? word : `'${word.replaceAll("'", `'"'"'`)}'`;
}
