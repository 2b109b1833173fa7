/** What persistent modules raised. */
import { severities } from '../../protocol/alert.ts';
import type { AlertFilter } from '../../store/alerts.ts';
import { allModes, expectAtMost, usageError, type Command } from '../command.ts';
import { splitPipes } from '../pipes.ts';
import { parseFormat } from '../settings.ts';
import { parseLimit } from './read-agent.ts';

const usualLimit = 100;

export const alerts: Command = {
  name: 'alerts',
  aliases: [],
  modes: allModes,
  summary: 'list the alerts of persistent modules, newest first, or acknowledge them',
  usage:
    'alerts [all | new | AGENT | MODULE | SEVERITY]... [--limit N] [--format text|table|json|jsonl] [| FILTER]...   or   alerts ack ID... | all',
  examples: [
    'alerts',
    'alerts new high',
    'alerts fswatch --limit 20 | grep passwd',
    'alerts ack all',
    'alerts ack 3 4',
  ],
  complete: (before) =>
    before[0] === 'ack'
      ? [{ kind: 'words', words: ['all'] }]
      : [{ kind: 'words', words: ['new', 'all', 'ack', ...severities, '--limit', '--format'] }, { kind: 'agents' }],
  run: (state, { words }) => {
    const { words: args, pipes } = splitPipes(words);
    if (args[0] === 'ack') return [state, [{ kind: 'acknowledgeAlerts', ids: parseIds(args.slice(1)) }]];
    let filter: AlertFilter = { limit: usualLimit };
    let format = state.settings.format;
    for (let at = 0; at < args.length; at++) {
      const [, option, inline] = /^--?(limit|format)(?:=(.*))?$/.exec(args[at] ?? '') ?? [];
      if (option === undefined) filter = addWord(filter, args[at] ?? '');
      else {
        const value = inline ?? args[++at] ?? '';
        if (option === 'format') format = parseFormat(value);
        else filter = { ...filter, limit: parseLimit(value, usualLimit) };
      }
    }
    return [state, [{ kind: 'showAlerts', filter, format, pipes }]];
  },
};

export const alert: Command = {
  name: 'alert',
  aliases: [],
  modes: allModes,
  summary: 'everything about one alert',
  usage: 'alert ID [json]',
  examples: ['alert 12', 'alert 12 json'],
  complete: (before) => (before.length === 1 ? [{ kind: 'words', words: ['json'] }] : []),
  run: (state, { args }) => {
    expectAtMost(args, 2);
    const [id] = parseIds(args.slice(0, 1)) ?? [];
    if (id === undefined) throw usageError('expected the number of an alert, got all');
    if (args[1] !== undefined && args[1] !== 'json') {
      throw usageError(`expected json or nothing, got ${JSON.stringify(args[1])}`);
    }
    return [state, [{ kind: 'showAlert', id, json: args[1] === 'json' }]];
  },
};

function addWord(filter: AlertFilter, word: string): AlertFilter {
  if (word === 'all') return filter;
  if (word === 'new') return { ...filter, isNew: true };
  const severity = severities.find((one) => one === word);
  if (severity) return { ...filter, severity };
  if (/^[1-9]\d{0,6}$/.test(word)) return { ...filter, limit: Number(word) };
  if (filter.either !== undefined) {
    throw usageError(`expected one agent or module, got ${JSON.stringify(filter.either)} and ${JSON.stringify(word)}`);
  }
  return { ...filter, either: word };
}

/** Undefined for all. */
function parseIds(args: readonly string[]): readonly number[] | undefined {
  if (args.length === 1 && args[0] === 'all') return undefined;
  if (args.length === 0) throw usageError('expected the numbers of alerts, or all, got nothing');
  return args.map((typed) => {
    if (/^[1-9]\d{0,14}$/.test(typed)) return Number(typed);
    throw usageError(`expected the number of an alert, got ${JSON.stringify(typed)}`);
  });
}
