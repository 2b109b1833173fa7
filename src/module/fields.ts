/**
 * The fields of a module's parameters. Each builder makes a zod schema and notes beside it what an investigator needs to know: flag, description, unit,
 * default, example. Validation, command-line flags, prompts, help and completion all come from here and are written nowhere else.
 *
 * Wire rules (MIG's Go decoder): a missing key and a null mean "not given"; an unknown key is ignored.
 */
import { z } from 'zod';

/** Says what is wrong with a value, in words that name what was expected; undefined when nothing is. */
export type Check = (text: string) => string | undefined;

/** What is said once about a field, beside its type. */
export interface FieldNotes {
  /** The flag without its dash, MIG's where MIG has one. */
  readonly flag: string;
  /** The word in prompts, where it is not the flag's. */
  readonly word?: string;
  /** One line that says what the value does. */
  readonly description: string;
  readonly unit?: string;
  /** A value that makes sense, as it would be typed. */
  readonly example: string;
  /** What flags and prompts put in when the investigator says nothing. A message without the key means MIG's zero value instead. */
  readonly initial?: string | number | boolean;
  /** What a missing key means on the wire, where that is not the initial value: "0 = unlimited". */
  readonly absent?: string;
  /** A flag that switches a boolean field off, MIG's -matchany to -matchall. It wins when both are given. */
  readonly opposite?: { readonly flag: string; readonly description: string };
  /** A second flag, whose value is the path of a text file of the investigator's host: what is in the file becomes the value. MIG's -rules and -path of scribe. */
  readonly fromFile?: FromFile;
  /** Asked first, before the menu of all fields. */
  readonly required?: boolean;
  /** Yes or no only: the text that travels for yes, where MIG sends a text; for no nothing travels. */
  readonly travelsAs?: string;
  /** What Tab completes: paths of this host, or the given words. */
  readonly complete?: 'path' | readonly string[];
}

export interface FromFile {
  readonly flag: string;
  readonly description: string;
  /** Makes of what is in the file the text that stands for the value, where it is written differently: YAML. Throws what is wrong with it. */
  readonly convert?: (content: string) => Promise<string>;
}

export type FieldKind = 'text' | 'number' | 'boolean' | 'list';

/** A leaf of the parameters, with its place in them. */
export interface Field extends FieldNotes {
  readonly kind: FieldKind;
  readonly word: string;
  /** Where it stands in the parameters (or in one labelled search): ['options', 'maxdepth']. */
  readonly path: readonly string[];
  /** Checks one value as it was typed: one element of a list. */
  readonly check: Check;
  /** The typed text as the value that travels. Call check first. */
  readonly parse: (text: string) => unknown;
}

interface Registered {
  readonly kind: FieldKind;
  readonly notes: FieldNotes;
  readonly check: Check;
  /** Where the value that travels is neither a text, a number nor yes or no. */
  readonly parse?: ((text: string) => unknown) | undefined;
}

/** Which schema is which field: zod's own way to keep notes beside a schema. */
const registry = z.registry<Registered>();

const accept: Check = () => undefined;

/** A list of texts; on the command line a flag that may be repeated. With numbersToo a JSON number stands for its text, which MIG's decoder refuses. */
export function textList(notes: FieldNotes & { readonly check?: Check; readonly numbersToo?: boolean }) {
  const check = notes.check ?? accept;
  const one = checkedText(check);
  const schema = z
    .array(notes.numbersToo ? z.preprocess((value) => (typeof value === 'number' ? String(value) : value), one) : one)
    .nullish()
    .transform((value) => value ?? undefined);
  registry.add(schema, { kind: 'list', notes, check });
  return schema.optional();
}

/** One text. */
export function text(notes: FieldNotes & { readonly check?: Check }) {
  const check = notes.check ?? accept;
  const schema = checkedText(check)
    .nullish()
    .transform((value) => value ?? undefined);
  registry.add(schema, { kind: 'text', notes, check });
  return schema.optional();
}

/** A value that is typed as a text and travels as what `parse` makes of it: an object that is written as JSON. */
export function parsedText<Value>(
  notes: FieldNotes & {
    readonly check: Check;
    readonly parse: (text: string) => unknown;
    /** Of the value that travels. */
    readonly schema: z.ZodType<Value>;
  },
) {
  const schema = notes.schema.nullish().transform((value) => value ?? undefined);
  registry.add(schema, { kind: 'text', notes, check: notes.check, parse: notes.parse });
  return schema.optional();
}

/** A number, whole unless said otherwise, within limits. */
export function number(
  notes: FieldNotes & { readonly min?: number; readonly max?: number; readonly fraction?: boolean },
) {
  const { min = 0, max = Number.MAX_SAFE_INTEGER, fraction = false } = notes;
  const wrong = (value: number): string | undefined =>
    Number.isFinite(value) && value >= min && value <= max && (fraction || Number.isInteger(value))
      ? undefined
      : `expected a ${fraction ? '' : 'whole '}number from ${min} to ${max === Number.MAX_SAFE_INTEGER ? '2^53-1' : max}`;
  const check: Check = (typed) => {
    const problem = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(typed.trim())
      ? wrong(Number(typed))
      : wrong(Number.NaN);
    return problem && `${problem}, got ${JSON.stringify(typed)}`;
  };
  const schema = z
    .number()
    .superRefine((value, context) => {
      const problem = wrong(value);
      if (problem) context.addIssue({ code: 'custom', message: `${problem}, got ${value}` });
    })
    .nullish()
    .transform((value) => value ?? undefined);
  registry.add(schema, { kind: 'number', notes, check });
  return schema.optional();
}

/** Yes or no; on the command line a flag by itself, or -flag=false. */
export function yesNo(notes: FieldNotes) {
  const schema = z
    .boolean()
    .nullish()
    .transform((value) => value ?? undefined);
  registry.add(schema, { kind: 'boolean', notes, check: checkYesNo });
  return schema.optional();
}

/** A flag like yesNo whose yes travels as a word: MIG's options.debug is "print" or nothing. Any text is accepted from the wire. */
export function yesWord(notes: FieldNotes & { readonly travelsAs: string }) {
  const schema = z
    .string()
    .max(64)
    .nullish()
    .transform((value) => value ?? undefined);
  registry.add(schema, { kind: 'boolean', notes, check: checkYesNo });
  return schema.optional();
}

/** The fields of an object schema, those of nested objects included, in the order they are declared. */
export function fieldsOf(schema: z.ZodObject, path: readonly string[] = []): readonly Field[] {
  return Object.entries(schema.shape).flatMap(([key, member]) => {
    const here = [...path, key];
    const inner = unwrap(member);
    if (inner instanceof z.ZodObject) return fieldsOf(inner, here);
    // zod rewrites the types inside functions on the way out of a registry.
    const registered = registry.get(inner) as Registered | undefined;
    return registered ? [toField(registered, here)] : [];
  });
}

function toField({ kind, notes, check, parse }: Registered, path: readonly string[]): Field {
  const word = notes.word ?? notes.flag;
  return { ...notes, kind, check, path, word, parse: parse ?? ((typed) => parseTyped(kind, typed)) };
}

function parseTyped(kind: FieldKind, typed: string): string | number | boolean {
  if (kind === 'number') return Number(typed);
  if (kind === 'boolean') return /^(true|yes|y|1|t)$/i.test(typed.trim());
  return typed;
}

const checkYesNo: Check = (typed) =>
  /^(true|false|yes|no|y|n|1|0|t|f)$/i.test(typed.trim())
    ? undefined
    : `expected true or false, got ${JSON.stringify(typed)}`;

function checkedText(check: Check) {
  return z.string().superRefine((value, context) => {
    const problem = check(value);
    if (problem) context.addIssue({ code: 'custom', message: problem });
  });
}

/** The schema inside optional, nullable and default wrappers, but not inside the transform that a builder registered. */
function unwrap(schema: unknown): z.ZodType {
  let inner = schema as z.ZodType;
  while (
    !registry.has(inner) &&
    (inner instanceof z.ZodOptional ||
      inner instanceof z.ZodNullable ||
      inner instanceof z.ZodDefault ||
      inner instanceof z.ZodPrefault)
  ) {
    inner = inner.unwrap() as z.ZodType;
  }
  // A nested object behind .nullish().transform(...): its fields are those of the object.
  if (!registry.has(inner) && inner instanceof z.ZodPipe) return unwrap(inner.in);
  return inner;
}
