/** The operations of a draft. They count from 1. */
import { findModule, modules } from '../../../modules/index.ts';
import { ConsoleError } from '../../base/app-error.ts';
import { nearest } from '../../base/nearest.ts';
import type { Field } from '../../module/fields.ts';
import { namesFile } from '../../module/file-flags.ts';
import { flagNames, formatFlags, parseFlagWord, parseParams } from '../../module/flags.ts';
import type { Module } from '../../module/define-module.ts';
import { line } from '../../module/line.ts';
import { validateParameters, valueAt, withValue, type Item } from '../../module/params.ts';
import { expectAtMost, usageError, type Command, type CompletionSource, type Step } from '../command.ts';
import { changeDraft, describeParameters, draftOf } from '../draft.ts';
import type { State } from '../state.ts';
import { splitWords } from '../words.ts';

const launcher = { modes: ['launcher'] as const };

export const add: Command = {
  ...launcher,
  name: 'add',
  aliases: ['addoperation'],
  summary: 'add an operation: by questions, or by flags behind the module',
  usage: 'add MODULE [-FLAG VALUE]...',
  examples: ['add file', "add file -path /etc -name '^passwd$'"],
  complete: (before) => (before[0] === undefined ? [{ kind: 'modules' }] : completeFlags(before[0], before.slice(1))),
  run: (state, { args }) => {
    const [name, ...flags] = args;
    if (name === undefined)
      throw usageError(`expected a module (${modules.map((one) => one.name).join(', ')}), got none`);
    const module = requireModule(name);
    if (flags.length === 0) {
      return [state, [{ kind: 'createParams', module: module.name, previous: undefined, at: undefined }]];
    }
    return readFlags(state, module, flags, undefined);
  },
};

export const edit: Command = {
  ...launcher,
  name: 'edit',
  aliases: [],
  summary: 'change an operation: by the same questions with its present values, or by flags',
  usage: 'edit N [-FLAG VALUE]...',
  examples: ['edit 1', 'edit 1 -maxdepth 3'],
  complete: (before, state) => {
    const operation = draftOf(state).operations[Number(before[0]) - 1];
    if (before.length === 0)
      return [{ kind: 'words', words: draftOf(state).operations.map((_, at) => String(at + 1)) }];
    return operation ? completeFlags(operation.module, before.slice(1)) : [];
  },
  run: (state, { args }) => {
    const [typed, ...flags] = args;
    const at = parsePlace(state, typed);
    const operation = draftOf(state).operations[at - 1];
    const module = requireModule(operation?.module ?? '');
    if (flags.length === 0) {
      return [state, [{ kind: 'createParams', module: module.name, previous: operation?.parameters, at }]];
    }
    return readFlags(state, module, flags, at);
  },
};

export const remove: Command = {
  ...launcher,
  name: 'remove',
  aliases: ['deloperation'],
  summary: 'take an operation out of the draft, or all of them',
  usage: 'remove N | all (as deloperation: MIG counted from 0, here it counts from 1 as well)',
  examples: ['remove 2', 'remove all'],
  complete: (_before, state) => [
    { kind: 'words', words: [...draftOf(state).operations.map((_, at) => String(at + 1)), 'all'] },
  ],
  run: (state, { args }) => {
    expectAtMost(args, 1);
    const count = draftOf(state).operations.length;
    if (args[0] === 'all') {
      if (count === 0) throw usageError('expected operations to remove, the draft has none');
      const message = `Remove all ${count} operations?`;
      return [
        state,
        [{ kind: 'ask', question: { kind: 'confirm', message, initial: false }, topic: { kind: 'removeAll' } }],
      ];
    }
    const at = parsePlace(state, args[0]);
    const message = `Remove operation ${at} (${draftOf(state).operations[at - 1]?.module ?? ''})?`;
    return [
      state,
      [{ kind: 'ask', question: { kind: 'confirm', message, initial: false }, topic: { kind: 'removeOperation', at } }],
    ];
  },
};

export const move: Command = {
  ...launcher,
  name: 'move',
  aliases: [],
  summary: 'put an operation at another place',
  usage: 'move N M',
  examples: ['move 3 1'],
  run: (state, { args }) => {
    expectAtMost(args, 2);
    const from = parsePlace(state, args[0]);
    const to = parsePlace(state, args[1]);
    const { operations } = draftOf(state);
    const moved = operations[from - 1];
    if (!moved) return [state, []];
    const rest = operations.toSpliced(from - 1, 1);
    return changeDraft(state, { operations: rest.toSpliced(to - 1, 0, moved) }, [
      line(`operation ${from} (${moved.module}) is now operation ${to}`),
    ]);
  },
};

/** The draft with an operation at a place, or behind the others. */
export function putOperation(state: State, module: string, parameters: unknown, at: number | undefined): Step {
  const { operations } = draftOf(state);
  const before = at === undefined ? undefined : operations[at - 1];
  const operation = before ? { ...before, module, parameters } : { module, parameters };
  const number = before && at !== undefined ? at : operations.length + 1;
  return changeDraft(
    state,
    { operations: before ? operations.with(number - 1, operation) : [...operations, operation] },
    [line(`operation ${number}: ${module}`, 'good'), ...describeParameters(findModule(module), parameters)],
  );
}

/** Puts an operation by flags, once the files that they name are read. */
function readFlags(state: State, module: Module, flags: readonly string[], at: number | undefined): Step {
  if (!namesFile(module.params.fields, flags)) return putFlags(state, module, flags, at);
  return [state, [{ kind: 'readFlags', module: module.name, flags, at }]];
}

/** The draft with an operation by flags that name no file any more: a new one, or that at a place with its other values. */
export function putFlags(state: State, module: Module, flags: readonly string[], at: number | undefined): Step {
  const previous = at === undefined ? undefined : draftOf(state).operations[at - 1]?.parameters;
  const parameters = at === undefined ? parseParams(module.params, flags) : mergeFlags(module, previous, flags);
  return putOperation(state, module.name, parameters, at);
}

/** Throws ConsoleError MODULE_UNKNOWN with the nearest name. */
export function requireModule(name: string): Module {
  const module = findModule(name);
  if (module) return module;
  const names = modules.map((one) => one.name);
  const near = nearest(name, names);
  throw new ConsoleError(
    'MODULE_UNKNOWN',
    `expected a module (${names.join(', ')}), got ${JSON.stringify(name.slice(0, 60))}${near ? `: did you mean ${near}?` : ''}`,
  );
}

/** Flags of a module, or the values of the flag that was typed last. */
export function completeFlags(module: string, before: readonly string[]): readonly CompletionSource[] {
  const last = parseFlagWord(before.at(-1) ?? '');
  const field = findModule(module)?.params.fields.find(
    (one) => last && [one.flag, one.fromFile?.flag].includes(last.name),
  );
  if (last && last.inline === undefined && field && field.kind !== 'boolean') {
    return [{ kind: 'flagValue', module, flag: last.name }];
  }
  return [{ kind: 'flags', module }];
}

function parsePlace(state: State, typed: string | undefined): number {
  const count = draftOf(state).operations.length;
  if (count === 0) throw usageError('expected an operation, the draft has none: "add MODULE" adds one');
  const at = /^\d{1,6}$/.test(typed ?? '') ? Number(typed) : 0;
  if (at >= 1 && at <= count) return at;
  throw usageError(`expected the number of an operation from 1 to ${count}, got ${JSON.stringify(typed ?? '')}`);
}

/** The flags that were typed replace their values; the others stay. */
function mergeFlags(module: Module, previous: unknown, flags: readonly string[]): unknown {
  const { params } = module;
  const items = [...params.toItems(previous)];
  const [first] = items;
  if (items.length > 1 || !first) {
    throw usageError(`the operation has ${items.length} searches: "edit N" without flags asks which one to change`);
  }
  const [label, item] = first;
  const named = new Set(flags.flatMap((word) => parseFlagWord(word)?.name ?? []));
  const isNamed = (field: Field): boolean =>
    named.has(field.flag) || (field.opposite !== undefined && named.has(field.opposite.flag));
  // The other values are typed again, so that the whole is checked.
  const others = formatFlags(
    params.fields.filter((field) => !isNamed(field)),
    item,
  );
  const words = [...splitWords(others).map(({ text }) => text), ...flags];
  const typed = [...params.toItems(parseParams(params, words)).values()][0] ?? {};
  const changed = params.fields
    .filter(isNamed)
    .reduce<Item>((next, field) => withValue(next, field, valueAt(typed, field)), item);
  const parameters = params.fromItems(new Map([[label, changed]]));
  validateParameters(params, parameters);
  return parameters;
}

/** Flags as they are typed. */
export function dashedFlags(module: Module): readonly string[] {
  return flagNames(module.params.fields).map((name) => `-${name}`);
}
