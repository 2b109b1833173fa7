/** The parameters of a module as a whole: their schema, their fields, and how a flat list of values becomes them. */
import { z } from 'zod';
import { ModuleError } from '../base/app-error.ts';
import { asObject } from '../base/as-object.ts';
import { fieldsOf, type Field } from './fields.ts';

/** Values by field, as they stand in the parameters (or in one labelled search): nested objects, lists of texts, numbers, booleans. */
export type Item = Readonly<Record<string, unknown>>;

/**
 * The parameters of a module. `flat`: the fields are the parameters. `labelled`: the parameters hold several searches by label
 * (`{searches: {LABEL: SEARCH}}`) and the fields are those of one search.
 */
export interface Params<P> {
  readonly shape: 'flat' | 'labelled';
  readonly schema: z.ZodType<P>;
  readonly fields: readonly Field[];
  /** Parameters from items by label; flat parameters have one item, whose label is ''. */
  readonly fromItems: (items: ReadonlyMap<string, Item>) => unknown;
  /** The items of parameters, in their order. Accepts anything: what is not an item is left out. */
  readonly toItems: (parameters: unknown) => ReadonlyMap<string, Item>;
  /** Labelled only: the label of a single search, and what a label must look like. */
  readonly label?: {
    readonly initial: string;
    readonly noun: string;
    readonly check: (label: string) => string | undefined;
  };
}

/** What the parameters are once validated. */
export type ParamsOf<T> = T extends Params<infer P> ? P : never;

export function flatParams<Schema extends z.ZodObject>(schema: Schema): Params<z.output<Schema>> {
  return {
    shape: 'flat',
    schema: schema as unknown as z.ZodType<z.output<Schema>>,
    fields: fieldsOf(schema),
    fromItems: (items) => items.get('') ?? {},
    toItems: (parameters) => new Map([['', asObject(parameters) ?? {}]]),
  };
}

/** MIG's `{searches: {LABEL: SEARCH}}`. No searches at all is valid: it finds nothing. */
export function labelledParams<Schema extends z.ZodObject>(
  search: Schema,
  options: { readonly label: string; readonly checkLabel: (label: string) => string | undefined },
): Params<{ readonly searches?: Readonly<Record<string, z.output<Schema>>> | undefined }> {
  const label = z.string().superRefine((value, context) => {
    const problem = options.checkLabel(value);
    if (problem) context.addIssue({ code: 'custom', message: problem });
  });
  const schema = z.object({
    searches: z
      .unknown()
      .superRefine(refuseProto)
      .pipe(z.record(label, search).nullish())
      .transform((value) => value ?? undefined)
      .optional(),
  });
  return {
    shape: 'labelled',
    schema,
    fields: fieldsOf(search),
    fromItems: (items) => ({ searches: Object.fromEntries(items) }),
    toItems: (parameters) => {
      const searches = asObject(asObject(parameters)?.['searches']) ?? {};
      return new Map(
        Object.entries(searches).flatMap(([name, value]) => (asObject(value) ? [[name, value as Item]] : [])),
      );
    },
    label: { initial: options.label, noun: 'search', check: options.checkLabel },
  };
}

/** zod leaves a key of this name out of a record without a word; a search that is not run must be said. */
function refuseProto(searches: unknown, context: z.RefinementCtx): void {
  if (typeof searches === 'object' && searches !== null && Object.hasOwn(searches, '__proto__')) {
    context.addIssue({ code: 'custom', message: "expected another label than '__proto__', which cannot be one" });
  }
}

/** The parameters if they are valid. Throws ModuleError PARAMETERS_INVALID that names every wrong place, five at most. */
export function validateParameters<P>(params: Params<P>, parameters: unknown): P {
  if (parameters !== undefined && parameters !== null && !asObject(parameters))
    throw new ModuleError(
      'PARAMETERS_INVALID',
      `expected an object of parameters, got ${JSON.stringify(parameters)?.slice(0, 60)}`,
    );
  const parsed = params.schema.safeParse(parameters ?? {});
  if (parsed.success) return parsed.data;
  const issues = parsed.error.issues;
  const said = issues.slice(0, 5).map((issue) => {
    const place = issue.path.map(String).join('.');
    const message = issue.code === 'invalid_key' ? (issue.issues[0]?.message ?? issue.message) : issue.message;
    return place === '' ? message : `${place}: ${message}`;
  });
  if (issues.length > said.length) said.push(`and ${issues.length - said.length} more`);
  throw new ModuleError('PARAMETERS_INVALID', said.join('; '));
}

/** The value of a field in an item; undefined when it is not given. */
export function valueAt(item: Item, field: Field): unknown {
  let value: unknown = item;
  for (const key of field.path) value = asObject(value)?.[key];
  if (field.travelsAs !== undefined && typeof value === 'string') return value === field.travelsAs;
  return value ?? undefined;
}

/** A value of a field as it would be typed; a list as its values, comma between them. */
export function formatValue(value: unknown): string {
  if (typeof value === 'string') return value;
  return Array.isArray(value) ? value.map(formatValue).join(', ') : (JSON.stringify(value) ?? '');
}

/** The same for a list of values: of a long text, as it may come from a file, the first line and how much there is. */
export function formatShort(value: unknown): string {
  const text = formatValue(value).trim();
  const first = (/^.{0,200}/u.exec(text)?.[0] ?? '').trimEnd();
  if (first === text) return text;
  return `${first} ... (${text.split('\n').length} lines, ${text.length} characters)`;
}

/** The item with the field set, or taken out where the value is undefined or an empty list. */
export function withValue(item: Item, field: Field, value: unknown): Item {
  if (field.travelsAs !== undefined) return setAt(item, field.path, value === true ? field.travelsAs : undefined);
  return setAt(item, field.path, Array.isArray(value) && value.length === 0 ? undefined : value);
}

/** The item an investigator starts with: every field that has an initial value, set to it. */
export function initialItem(fields: readonly Field[]): Item {
  return fields.reduce<Item>(
    (item, field) => (field.initial === undefined ? item : withValue(item, field, field.initial)),
    {},
  );
}

function setAt(item: Item, path: readonly string[], value: unknown): Item {
  const [key, ...rest] = path;
  if (key === undefined) return item;
  const inner = rest.length === 0 ? value : setAt(asObject(item[key]) ?? {}, rest, value);
  const { [key]: _removed, ...others } = item;
  if (inner === undefined) return others;
  return { ...item, [key]: inner };
}
