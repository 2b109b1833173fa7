/**
 * The command line of a one-shot command: global flags and those of the module, in any order.
 * A name that both know is global before the first flag that only the module knows, and the module's behind it.
 */
import { ConsoleError } from '../base/app-error.ts';
import { nearest } from '../base/nearest.ts';
import { parseDuration } from '../base/go-format.ts';
import { flagNames, parseFlagWord, type FlagWord } from '../module/flags.ts';
import type { Module } from '../module/define-module.ts';
import { isCondition } from '../target/compile-target.ts';
import { expandTag } from '../target/expand-target.ts';
import { parseFormat, type Format } from './settings.ts';
import type { Show } from './results/result-query.ts';

export interface GlobalFlags {
  readonly target: string | undefined;
  readonly periodMs: number;
  readonly name: string | undefined;
  readonly show: Show;
  readonly format: Format;
  readonly printAction: boolean;
  readonly compress: boolean;
  readonly verbose: boolean;
  /** MIG's configuration file: there is nothing to read from it yet. */
  readonly config: string | undefined;
  readonly actionFile: string | undefined;
  readonly caseName: string;
}

/** What a command line asks for: a module or an action file to run, or a word of the console with the words behind it. */
export interface CommandLine {
  readonly flags: GlobalFlags;
  readonly word: string | undefined;
  readonly rest: readonly string[];
}

const valueFlags = ['target-found', 'target-notfound', 't', 'e', 'n', 'show', 'c', 'i', 'format', 'case'] as const;
const switches = ['p', 'z', 'v'] as const;
const later: Readonly<Record<string, string>> = {
  s: 'sign an action: actions for agents of this console run without a signature',
};
const defaultPeriodMs = 300_000;

export const globalFlagNames: readonly string[] = [...valueFlags, ...switches];

/** Throws ConsoleError COMMAND_USAGE or NOT_YET. */
export function parseCommandLine(
  argv: readonly string[],
  findModule: (name: string) => Module | undefined,
): CommandLine {
  const given = new Map<string, string>();
  const rest: string[] = [];
  let word: string | undefined;
  let ownFlags: ReadonlySet<string> | undefined;
  let isModulePart = false;

  for (let at = 0; at < argv.length; at++) {
    const typed = argv[at] ?? '';
    const flag = parseFlagWord(typed);
    if (!flag) {
      if (word === undefined) {
        word = typed;
        const module = findModule(word);
        ownFlags = module && new Set(flagNames(module.params.fields));
      } else rest.push(typed);
      continue;
    }
    const isOwn = ownFlags?.has(flag.name) ?? false;
    if (isGlobal(flag.name) && !(isOwn && isModulePart) && isWanted(word, ownFlags, flag.name)) {
      at += takeGlobal(given, flag, argv[at + 1]);
      continue;
    }
    if (word === undefined) throw unknownFlag(flag.name);
    rest.push(typed);
    if (!isOwn) continue;
    isModulePart ||= !isGlobal(flag.name);
    if (flag.inline === undefined && takesValue(findModule(word), flag.name) && at + 1 < argv.length)
      rest.push(argv[++at] ?? '');
  }
  return { flags: toFlags(given), word, rest };
}

/** Behind a word of the console its own options go first: `results 12 --format jsonl` is the query's. */
function isWanted(word: string | undefined, ownFlags: ReadonlySet<string> | undefined, name: string): boolean {
  return word === undefined || ownFlags !== undefined || name === 'case';
}

function isGlobal(name: string): boolean {
  return globalFlagNames.includes(name) || name in later;
}

function takesValue(module: Module | undefined, name: string): boolean {
  const field = module?.params.fields.find((one) => one.flag === name);
  return field !== undefined && field.kind !== 'boolean';
}

/** Returns how many words behind the flag it took. */
function takeGlobal(given: Map<string, string>, flag: FlagWord, next: string | undefined): number {
  const { name, inline } = flag;
  const missing = later[name];
  if (missing !== undefined) throw new ConsoleError('NOT_YET', `-${name}: ${missing}`);
  if (switches.some((one) => one === name)) {
    given.set(name, inline ?? 'true');
    return 0;
  }
  const value = inline ?? next;
  if (value === undefined) throw usage(`-${name}: expected a value, got the end of the line`);
  given.set(name, value);
  return inline === undefined ? 1 : 0;
}

function toFlags(given: ReadonlyMap<string, string>): GlobalFlags {
  const isOn = (name: string): boolean => /^(true|t|1|yes)$/i.test(given.get(name) ?? '');
  return {
    target: parseTarget(given),
    periodMs: parsePeriod(given.get('e')),
    name: given.get('n'),
    show: parseShow(given.get('show')),
    format: given.has('format') ? parseFormat(given.get('format') ?? '') : 'text',
    printAction: isOn('p'),
    compress: isOn('z'),
    verbose: isOn('v'),
    config: given.get('c'),
    actionFile: given.get('i'),
    caseName: given.get('case') ?? 'default',
  };
}

/** MIG's: -target-found 12 narrows the target to agents that found something in action 12. */
function parseTarget(given: ReadonlyMap<string, string>): string | undefined {
  const target = given.get('t');
  const terms = (['target-found', 'target-notfound'] as const).flatMap((flag) => {
    const typed = given.get(flag);
    if (typed === undefined) return [];
    if (!/^[1-9]\d{0,14}$/.test(typed))
      throw usage(`-${flag}: expected the number of an action, got ${JSON.stringify(typed)}`);
    return [`${flag.slice('target-'.length)}(${typed})`];
  });
  if (terms.length === 0) return target;
  if (target === undefined || target === 'all') return terms.join(' AND ');
  if (isCondition(target)) return `${terms.join(' AND ')} AND (${expandTag(target)})`;
  throw usage(
    `-target-found and -target-notfound: expected -t all or a condition beside them, got ${JSON.stringify(target)}`,
  );
}

function parsePeriod(typed: string | undefined): number {
  if (typed === undefined) return defaultPeriodMs;
  const ms = parseDuration(typed);
  if (ms !== undefined && ms > 0) return ms;
  throw usage(`-e: expected a duration like 60s or 5m, got ${JSON.stringify(typed)}`);
}

function parseShow(typed: string | undefined): Show {
  if (typed === undefined) return 'found';
  if (typed === 'found' || typed === 'notfound' || typed === 'all') return typed;
  throw usage(`-show: expected found, notfound or all, got ${JSON.stringify(typed)}`);
}

function unknownFlag(name: string): ConsoleError {
  const near = nearest(name, globalFlagNames);
  return usage(`-${name} is not a global flag${near ? `: did you mean -${near}?` : ''}`);
}

function usage(message: string): ConsoleError {
  return new ConsoleError('COMMAND_USAGE', message);
}
