/**
 * The ParamsCreator of a module that brings none: questions made from its fields.
 *
 * Required fields are asked first. Where there are others, a menu of all fields with their present values follows again and again: a field's name adds
 * or sets a value, `change` and `remove` take one of the values given so far, `show` lists them, `done` ends. Labelled parameters wrap this in a menu of searches.
 * An answer to the menu may carry its value, as in MIG: "name ^passwd$".
 */
import { messageOf } from '../base/app-error.ts';
import type { Ask, Choice, ParamsCreator } from './ask.ts';
import type { Field } from './fields.ts';
import { checkContent } from './file-flags.ts';
import { line } from './line.ts';
import { formatShort, initialItem, validateParameters, valueAt, withValue, type Item, type Params } from './params.ts';

export function createParamsFromFields(params: Params<unknown>): ParamsCreator {
  return async (ask, previous) => {
    const before = previous === undefined ? new Map<string, Item>() : params.toItems(previous);
    const isValid = (items: ReadonlyMap<string, Item>): boolean => {
      try {
        validateParameters(params, params.fromItems(items));
        return true;
      } catch (error) {
        ask.note([line(messageOf(error), 'error')]);
        return false;
      }
    };
    const items =
      params.shape === 'flat'
        ? new Map([['', await askItem(ask, params.fields, before.get(''), (item) => isValid(new Map([['', item]])))]])
        : await askSearches(ask, params, before, isValid);
    return params.fromItems(items);
  };
}

type IsValid<Value> = (value: Value) => boolean;

async function askSearches(
  ask: Ask,
  params: Params<unknown>,
  before: ReadonlyMap<string, Item>,
  isValid: IsValid<ReadonlyMap<string, Item>>,
): Promise<ReadonlyMap<string, Item>> {
  const items = new Map(before);
  const noun = params.label?.noun ?? 'search';
  if (items.size === 0) await askSearch(ask, params, items, isValid);
  for (;;) {
    const answer = await ask.choose({
      message: `${items.size} ${noun}${items.size === 1 ? '' : 'es'}: what next?`,
      choices: [
        { name: 'done', hint: 'use them' },
        { name: 'another', hint: `add a ${noun}` },
        { name: 'edit', hint: `change a ${noun}` },
        { name: 'remove', hint: `take a ${noun} out` },
      ],
      initial: 'done',
    });
    if (answer === 'done') {
      if (isValid(items)) return items;
    } else if (answer === 'another') await askSearch(ask, params, items, isValid);
    else {
      const label = await chooseLabel(ask, noun, items, answer);
      if (label === undefined) continue;
      if (answer === 'remove') items.delete(label);
      else
        items.set(
          label,
          await askItem(ask, params.fields, items.get(label), (item) => isValid(new Map([[label, item]]))),
        );
    }
  }
}

/** Asks for a label and its search. A label that is taken is asked about: only a yes replaces its search. */
async function askSearch(
  ask: Ask,
  params: Params<unknown>,
  items: Map<string, Item>,
  isValid: IsValid<ReadonlyMap<string, Item>>,
): Promise<void> {
  const noun = params.label?.noun ?? 'search';
  const label = await ask.text({
    message: `Label of the ${noun}`,
    hint: 'a short name that results are shown under',
    initial: freeLabel(params.label?.initial ?? 's1', items),
    check: (typed) => params.label?.check(typed),
  });
  if (items.has(label) && !(await ask.confirm({ message: `Replace the ${noun} '${label}'?`, initial: false }))) return;
  items.set(label, await askItem(ask, params.fields, undefined, (item) => isValid(new Map([[label, item]]))));
}

function freeLabel(first: string, items: ReadonlyMap<string, Item>): string {
  const [, stem = first, digits = '1'] = /^(.*?)(\d+)?$/s.exec(first) ?? [];
  for (let next = Number(digits); ; next++) {
    if (!items.has(`${stem}${next}`)) return `${stem}${next}`;
  }
}

async function chooseLabel(
  ask: Ask,
  noun: string,
  items: ReadonlyMap<string, Item>,
  verb: string,
): Promise<string | undefined> {
  if (items.size === 0) {
    ask.note([line(`there is no ${noun} yet`, 'quiet')]);
    return undefined;
  }
  if (items.size === 1) return [...items.keys()][0];
  return ask.choose({ message: `Which ${noun} to ${verb}?`, choices: [...items.keys()].map((name) => ({ name })) });
}

async function askItem(
  ask: Ask,
  fields: readonly Field[],
  previous: Item | undefined,
  isValid: IsValid<Item>,
): Promise<Item> {
  let item = previous ?? initialItem(fields);
  if (!previous) {
    for (const field of fields) if (field.required) item = await askRequired(ask, field, item);
    // Where every field was asked for there is nothing to choose from.
    const isComplete = fields.every((field) => field.required && field.kind !== 'list');
    if (isComplete && isValid(item)) return item;
  }
  for (;;) {
    const answer = await ask.choose({
      message: 'Add a condition or an option, or done',
      hint: 'type to filter; change, remove and show work on what was given',
      choices: menu(fields, item),
      initial: 'done',
    });
    if (answer === 'done') {
      if (isValid(item)) return item;
    } else if (answer === 'show') {
      ask.note(describeItem(fields, item));
    } else if (answer === 'change' || answer === 'remove') {
      item = await askValue(ask, fields, item, answer);
    } else {
      const field = fields.find((one) => [one.word, one.opposite?.flag, one.fromFile?.flag].includes(answer));
      if (!field) continue;
      if (field.opposite?.flag === answer) item = withValue(item, field, false);
      else item = field.fromFile?.flag === answer ? await askFile(ask, field, item) : await askField(ask, field, item);
    }
  }
}

function menu(fields: readonly Field[], item: Item): readonly Choice[] {
  const words = fields.flatMap((field): Choice[] => {
    const value = valueAt(item, field);
    const choice = {
      name: field.word,
      hint: value === undefined ? field.description : `${field.description} = ${formatShort(value)}`,
    };
    return [choice, field.opposite, field.fromFile].flatMap((one) => {
      if (one === undefined) return [];
      return 'flag' in one ? [{ name: one.flag, hint: one.description }] : [one];
    });
  });
  return [
    { name: 'done', hint: 'use what was given' },
    ...words,
    { name: 'change', hint: 'change one of the values' },
    { name: 'remove', hint: 'take one of the values out' },
    { name: 'show', hint: 'list the values' },
  ];
}

/** A text that may come from a file is mostly longer than anybody types: the file is proposed first. */
async function askRequired(ask: Ask, field: Field, item: Item): Promise<Item> {
  const { fromFile } = field;
  if (!fromFile) return askField(ask, field, item);
  const answer = await ask.choose({
    message: sentence(field),
    choices: [
      { name: fromFile.flag, hint: fromFile.description },
      { name: field.word, hint: 'type it here' },
    ],
    initial: fromFile.flag,
  });
  return answer === fromFile.flag ? askFile(ask, field, item) : askField(ask, field, item);
}

async function askFile(ask: Ask, field: Field, item: Item): Promise<Item> {
  const { flag, description } = field.fromFile ?? field;
  const { convert } = field.fromFile ?? {};
  const content = await ask.file({
    message: `${flag}: ${description}`,
    check: (read) => checkContent(field, read),
    convert,
  });
  return withValue(item, field, field.parse(content));
}

/** The item with one more value of a list, or with the field's value set. A yes-or-no field is switched on by being chosen. */
async function askField(ask: Ask, field: Field, item: Item): Promise<Item> {
  if (field.kind === 'boolean') {
    const now = valueAt(item, field) === true;
    if (field.opposite) return withValue(item, field, true);
    return withValue(item, field, await ask.confirm({ message: sentence(field), initial: !now }));
  }
  const before = valueAt(item, field);
  const typed = await askTyped(ask, field, field.kind === 'list' ? undefined : before);
  if (field.kind !== 'list') return withValue(item, field, field.parse(typed));
  return withValue(item, field, [...(Array.isArray(before) ? before : []), typed]);
}

async function askTyped(ask: Ask, field: Field, initial: unknown): Promise<string> {
  const hint = `example: ${field.example}${field.unit ? ` (${field.unit})` : ''}`;
  if (field.kind === 'number') {
    const value = await ask.number({
      message: sentence(field),
      hint,
      check: field.check,
      initial: typeof initial === 'number' ? initial : undefined,
    });
    return String(value);
  }
  return ask.text({
    message: sentence(field),
    hint,
    check: field.kind === 'list' || field.required ? notEmpty(field) : field.check,
    complete: field.complete,
    initial: typeof initial === 'string' ? initial : undefined,
  });
}

function notEmpty(field: Field): (typed: string) => string | undefined {
  return (typed) => (typed === '' ? 'expected a value, got nothing' : field.check(typed));
}

interface GivenValue {
  readonly field: Field;
  /** Place in a list; undefined for a single value. */
  readonly at: number | undefined;
  readonly value: unknown;
}

async function askValue(ask: Ask, fields: readonly Field[], item: Item, verb: 'change' | 'remove'): Promise<Item> {
  const given = givenValues(fields, item);
  if (given.length === 0) {
    ask.note([line('nothing was given yet', 'quiet')]);
    return item;
  }
  const names = given.map(({ field, value }, index) => `${index + 1}. ${field.word} ${formatShort(value)}`);
  const chosen = await ask.choose({ message: `Which value to ${verb}?`, choices: names.map((name) => ({ name })) });
  const target = given[names.indexOf(chosen)];
  if (!target) return item;
  const { field, at, value } = target;
  if (verb === 'remove') return replaceValue(item, target, []);
  if (field.kind === 'boolean') return withValue(item, field, value !== true);
  const typed = await askTyped(ask, field, value);
  return at === undefined ? withValue(item, field, field.parse(typed)) : replaceValue(item, target, [typed]);
}

function replaceValue(item: Item, { field, at }: GivenValue, values: readonly string[]): Item {
  const before = valueAt(item, field);
  if (at === undefined || !Array.isArray(before)) return withValue(item, field, values[0]);
  return withValue(item, field, before.toSpliced(at, 1, ...values));
}

function givenValues(fields: readonly Field[], item: Item): readonly GivenValue[] {
  return fields.flatMap((field): GivenValue[] => {
    const value = valueAt(item, field);
    if (Array.isArray(value)) return value.map((one: unknown, at) => ({ field, at, value: one }));
    return value === undefined ? [] : [{ field, at: undefined, value }];
  });
}

/** The values of an item, one line each, as `show` and the last question list them. */
export function describeItem(
  fields: readonly Field[],
  item: Item,
): readonly { readonly tone: 'plain'; readonly text: string }[] {
  const width = Math.max(0, ...fields.map((field) => field.word.length));
  return givenValues(fields, item).map(({ field, value }) => ({
    tone: 'plain',
    text: `${field.word.padEnd(width)}  ${formatShort(value)}${field.unit && field.kind === 'number' ? ` ${field.unit}` : ''}`,
  }));
}

function sentence(field: Field): string {
  return `${field.word}: ${field.description}`;
}
