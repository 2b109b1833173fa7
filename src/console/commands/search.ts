/** MIG's search: `search TYPE where KEY=VALUE [and KEY=VALUE]...`. Values may be quoted; % and * stand for anything. */
import { ConsoleError } from '../../base/app-error.ts';
import { nearest } from '../../base/nearest.ts';
import type { ActionFilter } from '../../store/actions.ts';
import type { CommandFilter } from '../../store/commands.ts';
import { line } from '../../module/line.ts';
import { allModes, type Command } from '../command.ts';
import type { Effect } from '../effect.ts';
import { parseActionId, parseCommandId } from '../ids.ts';

const types = ['action', 'agent', 'command'] as const;
type SearchType = (typeof types)[number];

const keys: Readonly<Record<SearchType, readonly string[]>> = {
  action: [
    'name',
    'actionname',
    'actionid',
    'id',
    'status',
    'agentname',
    'investigatorname',
    'after',
    'before',
    'limit',
  ],
  agent: ['name', 'agentname', 'version', 'agentversion', 'status', 'limit'],
  command: ['name', 'actionname', 'actionid', 'commandid', 'id', 'agentname', 'status', 'after', 'before', 'limit'],
};
const laterTypes = new Set(['investigator', 'manifest', 'loader']);

export const search: Command = {
  name: 'search',
  aliases: [],
  modes: allModes,
  summary: 'search actions, agents or commands',
  usage: 'search action|agent|command where KEY=VALUE [and KEY=VALUE]...',
  examples: [
    'search action where name="find %" and after=2026-11-01T00:00:00Z and limit=10',
    'search agent where version=0.1.*',
    'search command where agentname=web* and status=failed',
  ],
  complete: (before) => {
    if (before.length === 0) return [{ kind: 'words', words: types }];
    if (before.length === 1) return [{ kind: 'words', words: ['where'] }];
    const type = types.find((one) => one === before[0]);
    return type ? [{ kind: 'words', words: ['and', ...keys[type].map((key) => `${key}=`)] }] : [];
  },
  run: (state, { args }) => {
    if (args.length === 0 || args[0] === 'help') return [state, [{ kind: 'print', lines: describeSearch() }]];
    return [state, [parseSearch(args)]];
  },
};

function describeSearch() {
  return [
    line(search.usage),
    ...search.examples.map((example) => line(`  ${example}`)),
    ...types.map((type) => line(`keys of ${type}: ${keys[type].join(', ')}`)),
    line('% and * stand for anything; times are like 2026-11-21T07:00:00Z', 'quiet'),
  ];
}

/** Throws ConsoleError SEARCH_INVALID, or NOT_YET for what this version has none of. */
export function parseSearch(args: readonly string[]): Effect {
  const [typed = '', where, ...terms] = args;
  const type = types.find((one) => one === typed.replace(/s$/, ''));
  if (!type) {
    if (laterTypes.has(typed)) throw new ConsoleError('NOT_YET', `search ${typed}: this version has no ${typed}s`);
    throw invalid(`expected ${types.join(', ')}, got ${JSON.stringify(typed)}${suggest(typed, types)}`);
  }
  if (where !== 'where')
    throw invalid(`expected where behind ${type}, got ${where === undefined ? 'nothing' : JSON.stringify(where)}`);
  const values = new Map<string, string>();
  for (const term of terms) {
    if (term.toLowerCase() === 'and') continue;
    const [, key, value] = /^([A-Za-z]+)=(.*)$/s.exec(term) ?? [];
    if (key === undefined || value === undefined) throw invalid(`expected KEY=VALUE, got ${JSON.stringify(term)}`);
    if (!keys[type].includes(key))
      throw invalid(
        `expected a key of ${type} (${keys[type].join(', ')}), got ${JSON.stringify(key)}${suggest(key, keys[type])}`,
      );
    if (value === '') throw invalid(`${key}: expected a value, got nothing`);
    values.set(key, value);
  }
  if (values.size === 0) throw invalid('expected KEY=VALUE behind where, got nothing');
  return toEffect(type, values);
}

function toEffect(type: SearchType, values: ReadonlyMap<string, string>): Effect {
  const pattern = (...names: readonly string[]): string | undefined =>
    names
      .map((name) => values.get(name))
      .find((value) => value !== undefined)
      ?.replaceAll('*', '%');
  const shared = {
    ...given('status', pattern('status')),
    ...given('afterMs', parseTime('after', values.get('after'))),
    ...given('beforeMs', parseTime('before', values.get('before'))),
    limit: parseLimit(values.get('limit')),
  };
  if (type === 'agent') {
    return {
      kind: 'showAgents',
      filter: pattern('name', 'agentname'),
      ...given('status', pattern('status')),
      ...given('version', pattern('version', 'agentversion')),
      ...given('limit', values.has('limit') ? shared.limit : undefined),
    };
  }
  const id = values.get('actionid') ?? (type === 'action' ? values.get('id') : undefined);
  const agent = given('agent', pattern('agentname'));
  if (type === 'action') {
    const filter: ActionFilter = {
      ...shared,
      ...agent,
      ...given('id', id === undefined ? undefined : parseActionId(id)),
      ...given('name', pattern('name', 'actionname')),
      ...given('investigator', pattern('investigatorname')),
    };
    return { kind: 'showActions', filter };
  }
  const commandId = values.get('commandid') ?? values.get('id');
  const filter: CommandFilter = {
    ...shared,
    ...agent,
    ...given('action', id === undefined ? undefined : parseActionId(id)),
    ...(commandId === undefined ? {} : parseCommandId(commandId)),
    ...given('actionName', pattern('name', 'actionname')),
  };
  return { kind: 'showCommands', filter };
}

function given<Key extends string, Value>(key: Key, value: Value | undefined): { readonly [K in Key]?: Value } {
  return (value === undefined ? {} : { [key]: value }) as { readonly [K in Key]?: Value };
}

function parseTime(key: string, typed: string | undefined): number | undefined {
  if (typed === undefined) return undefined;
  const time = Date.parse(typed);
  if (/^\d{4}-\d\d-\d\d/.test(typed) && !Number.isNaN(time)) return time;
  throw invalid(`${key}: expected a time like 2026-11-21T07:00:00Z, got ${JSON.stringify(typed)}`);
}

function parseLimit(typed: string | undefined): number {
  if (typed === undefined) return 100;
  if (/^[1-9]\d{0,6}$/.test(typed)) return Number(typed);
  throw invalid(`limit: expected a number from 1, got ${JSON.stringify(typed)}`);
}

function suggest(typed: string, words: readonly string[]): string {
  const near = nearest(typed, words);
  return near ? `: did you mean ${near}?` : '';
}

function invalid(message: string): ConsoleError {
  return new ConsoleError('SEARCH_INVALID', message);
}
