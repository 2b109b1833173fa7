/** What a draft is called, whom it is for, when and within which limits it runs. */
import { parseDuration } from '../../base/go-format.ts';
import { nearest } from '../../base/nearest.ts';
import { line } from '../../module/line.ts';
import { zeroTime, type Action, type ActionLimits } from '../../protocol/action.ts';
import { expectAtMost, usageError, type Call, type Command, type Step } from '../command.ts';
import { changeDraft, draftOf, validity } from '../draft.ts';
import { formatLimits, formatPairs, formatTimes } from '../format-action.ts';
import type { State } from '../state.ts';
import { agentColumns } from '../../target/agent-columns.ts';
import { isCondition } from '../../target/compile-target.ts';
import { findActions } from '../../target/expand-target.ts';
import { describeTarget, resolveTarget } from '../targets.ts';

const launcher = { modes: ['launcher'] as const };

export const name: Command = {
  ...launcher,
  name: 'name',
  aliases: ['setname'],
  summary: 'name the action',
  usage: 'name WORDS...',
  examples: ['name find passwd'],
  run: (state, { args }) => {
    const given = args.join(' ');
    if (given === '') throw usageError('expected a name, got nothing');
    return changeDraft(state, { name: given.slice(0, 1000) }, []);
  },
};

export const target: Command = {
  ...launcher,
  name: 'target',
  aliases: ['settarget'],
  summary: 'say which agents the action is for',
  usage: `target local | all | AGENT | tag:KEY=VALUE | CONDITION (on the columns ${Object.keys(agentColumns).join(', ')})`,
  examples: [
    'target local',
    'target tag:env=prod',
    "target environment->>'os'='linux' AND name LIKE 'web%'",
    "target tags->>'operator'='IT' AND starttime < NOW() - INTERVAL '30 days'",
    "target found(12) AND environment->>'ident' ILIKE '%ubuntu%'",
  ],
  complete: (before) =>
    before.length === 0
      ? [{ kind: 'agents' }, { kind: 'words', words: ['all'] }, { kind: 'columns' }]
      : [{ kind: 'columns' }, { kind: 'words', words: ['AND', 'OR', 'NOT', 'LIKE', 'ILIKE', 'IN', 'IS', 'BETWEEN'] }],
  run: (state, { words, raw, nowMs }) => {
    // The quotes of an expression belong to it; quotes around the whole do not.
    const [first] = words;
    const given = words.length === 1 && first && /^['"]/.test(raw) ? first.text : raw;
    if (given === '') throw usageError('expected a target, got nothing');
    if (isCondition(given) && findActions(given).length > 0) {
      return [state, [{ kind: 'expandTarget', target: given }]];
    }
    return setTarget(state, given, nowMs);
  },
};

/** The draft with this target, and whom it means. Throws ConsoleError TARGET_UNKNOWN or ProtocolError TARGET_INVALID. */
export function setTarget(state: State, given: string, nowMs: number): Step {
  const agents = resolveTarget(state, given, nowMs);
  if (!isCondition(given)) return changeDraft(state, { target: given }, describeTarget(given, agents));
  const [after, effects] = changeDraft(state, { target: given }, []);
  return [after, [...effects, { kind: 'showTarget', target: given, ids: false }]];
}

const descriptionKeys = ['author', 'email', 'url', 'revision'] as const;
const threatKeys = ['ref', 'level', 'family', 'type'] as const;

export const describe: Command = {
  ...launcher,
  name: 'describe',
  aliases: ['description'],
  summary: 'say who wrote the action and where it is explained',
  usage: `describe KEY VALUE... (${descriptionKeys.join(', ')}; an empty value clears)`,
  examples: ["describe author 'Julien V' email julien@example.net", 'describe url https://example.net/case/7'],
  complete: (before) => (before.length % 2 === 0 ? [{ kind: 'words', words: descriptionKeys }] : []),
  run: (state, { args }) => {
    const pairs = parsePairs(args, descriptionKeys);
    const { revision, ...texts } = pairs;
    const description: Action['description'] = { ...draftOf(state).description, ...clean(texts) };
    if (revision !== undefined) {
      if (!Number.isFinite(Number(revision)) || revision === '')
        throw usageError(`revision: expected a number like 202611210700, got ${JSON.stringify(revision)}`);
      description.revision = Number(revision);
    }
    return changeDraft(state, { description }, [line(`description: ${formatPairs(description)}`)]);
  },
};

export const threat: Command = {
  ...launcher,
  name: 'threat',
  aliases: [],
  summary: 'say which threat the action looks for',
  usage: `threat KEY VALUE... (${threatKeys.join(', ')}; an empty value clears)`,
  examples: ['threat level high family malware type system'],
  complete: (before) => (before.length % 2 === 0 ? [{ kind: 'words', words: threatKeys }] : []),
  run: (state, { args }) => {
    const threat: Action['threat'] = { ...draftOf(state).threat, ...clean(parsePairs(args, threatKeys)) };
    return changeDraft(state, { threat }, [line(`threat: ${formatPairs(threat)}`)]);
  },
};

export const times: Command = {
  ...launcher,
  name: 'times',
  aliases: ['settimes'],
  summary: 'say when the action may run; without words, show it',
  usage: 'times [START STOP | none] (times like 2026-11-21T07:00:00Z or now; STOP also as +10m)',
  examples: ['times now +10m', 'times 2026-11-21T07:00:00Z 2026-11-21T08:00:00Z', 'times none'],
  complete: (before) => [{ kind: 'words', words: before.length === 0 ? ['now', 'none'] : ['+5m', '+10m', '+1h'] }],
  run: (state, call) => {
    const { args } = call;
    expectAtMost(args, 2);
    if (args.length === 0) return [state, [{ kind: 'print', lines: formatTimes(draftOf(state)) }]];
    const set =
      args[0] === 'none' && args.length === 1 ? { validfrom: zeroTime, expireafter: zeroTime } : parseTimes(call);
    return changeDraft(state, set, formatTimes({ ...draftOf(state), ...set }));
  },
};

/** Relative times get MIG's minute of slack on both sides, absolute ones are taken as they are. */
function parseTimes({ args, nowMs }: Call): Pick<Action, 'validfrom' | 'expireafter'> {
  const [start = '', stop] = args;
  if (stop === undefined) throw usageError('expected a start and a stop, as in "times now +10m", got one word');
  const startMs = start === 'now' ? nowMs : parseTime(start);
  if (stop.startsWith('+')) {
    const periodMs = parseDuration(stop.slice(1));
    if (periodMs === undefined || periodMs <= 0) {
      throw usageError(`expected a period like +10m or +1h30m, got ${JSON.stringify(stop)}`);
    }
    return validity(startMs, periodMs);
  }
  const stopMs = parseTime(stop);
  if (stopMs <= startMs) throw usageError(`expected a stop behind the start, got ${start} and ${stop}`);
  return { validfrom: new Date(startMs).toISOString(), expireafter: new Date(stopMs).toISOString() };
}

function parseTime(typed: string): number {
  const time = Date.parse(typed);
  if (/^\d{4}-\d\d-\d\d/.test(typed) && !Number.isNaN(time)) return time;
  throw usageError(`expected a time like 2026-11-21T07:00:00Z, got ${JSON.stringify(typed)}`);
}

const limitNames = ['timeout', 'memory', 'result'] as const;

export const limits: Command = {
  ...launcher,
  name: 'limits',
  aliases: [],
  summary: 'lower what each operation may use; without words, show it',
  usage: 'limits [timeout DURATION] [memory SIZE] [result SIZE] | none',
  examples: ['limits timeout 30s memory 256M', 'limits none'],
  complete: (before) => (before.length % 2 === 0 ? [{ kind: 'words', words: [...limitNames, 'none'] }] : []),
  run: (state, { args }) => {
    if (args.length === 0) return [state, [{ kind: 'print', lines: [line(formatLimits(draftOf(state).limits))] }]];
    const limits = args[0] === 'none' && args.length === 1 ? undefined : parseLimits(state, args);
    return setLimits(state, limits);
  },
};

function setLimits(state: State, limits: ActionLimits | undefined): Step {
  const { limits: _dropped, ...rest } = draftOf(state);
  return changeDraft({ ...state, draft: rest }, limits ? { limits } : {}, [line(formatLimits(limits))]);
}

function parseLimits(state: State, args: readonly string[]): ActionLimits {
  const { timeout, memory, result } = parsePairs(args, limitNames);
  return {
    ...draftOf(state).limits,
    ...(timeout === undefined ? {} : { timeoutMs: parsePeriod(timeout) }),
    ...(memory === undefined ? {} : { memoryBytes: parseSize('memory', memory) }),
    ...(result === undefined ? {} : { resultBytes: parseSize('result', result) }),
  };
}

function parsePeriod(typed: string): number {
  const ms = parseDuration(typed);
  if (ms !== undefined && ms >= 1) return Math.round(ms);
  throw usageError(`timeout: expected a duration like 30s or 5m, got ${JSON.stringify(typed)}`);
}

function parseSize(name: string, typed: string): number {
  const found = /^(\d{1,9})([kmg]?)$/i.exec(typed);
  const unit = { '': 1, k: 1024, m: 1024 ** 2, g: 1024 ** 3 }[found?.[2]?.toLowerCase() ?? ''] ?? 1;
  const bytes = Number(found?.[1] ?? 0) * unit;
  if (bytes >= 1) return bytes;
  throw usageError(`${name}: expected a size like 256M, got ${JSON.stringify(typed)}`);
}

/** "key value key value", also "key=value". */
function parsePairs<Key extends string>(args: readonly string[], keys: readonly Key[]): Partial<Record<Key, string>> {
  if (args.length === 0) throw usageError(`expected a key (${keys.join(', ')}) and a value, got nothing`);
  const pairs: Partial<Record<Key, string>> = {};
  for (let at = 0; at < args.length; at++) {
    const [, typed = args[at] ?? '', inline] = /^([a-z]+)=(.*)$/s.exec(args[at] ?? '') ?? [];
    const key = keys.find((candidate) => candidate === typed);
    if (!key) {
      const near = nearest(typed, keys);
      throw usageError(
        `expected a key (${keys.join(', ')}), got ${JSON.stringify(typed)}${near ? `: did you mean ${near}?` : ''}`,
      );
    }
    const value = inline ?? args[++at];
    if (value === undefined) throw usageError(`${key}: expected a value, got the end of the line`);
    pairs[key] = value;
  }
  return pairs;
}

function clean(pairs: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(pairs).flatMap(([key, value]) => (value === undefined ? [] : [[key, value]])),
  );
}
