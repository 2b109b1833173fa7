import { expectAtMost, usageError, type Command, type CompletionSource } from '../command.ts';
import { currentPlace, type State } from '../state.ts';
import { parseResultQuery, type QueryContext, type ResultQuery } from '../results/result-query.ts';
import { formats, parseFormat } from '../settings.ts';
import type { Word } from '../words.ts';
import { expectPath } from './draft-files.ts';

const options = [
  'found',
  'notfound',
  'all',
  'table',
  'sort',
  'columns',
  'stack',
  '--agent',
  '--operation',
  '--limit',
  '--format',
  '| grep',
  '| head',
  '| count',
];

export const results: Command = {
  name: 'results',
  aliases: [],
  modes: ['base', 'action', 'command', 'agent'],
  summary: 'what was found; "all" adds errors, statistics and empty results',
  usage:
    'results [ID] [found|notfound|all] [--agent NAME] [--operation N] [--limit N] [sort [-]COLUMN] [columns A,B] [stack COLUMN] [table] [--format FORMAT] [| grep [-v] RE | head N | count]',
  examples: [
    'results',
    'results all',
    'results 12 sort -size columns agent,file,size',
    'results | grep -v ^web | head 20',
    'results stack process   (how many agents share each value, the rarest first)',
  ],
  complete: completeQuery,
  run: (state, { words }) => {
    const query = parseResultQuery(words, contextOf(state));
    return [{ ...state, lastQuery: query }, [{ kind: 'showResults', query }]];
  },
};

export const exportResults: Command = {
  name: 'export',
  aliases: [],
  modes: ['base', 'action', 'command', 'agent'],
  summary: 'write what "results" shows into a file',
  usage: `export [ID] FORMAT FILE [the words of results] [--force] (${formats.join(', ')})`,
  examples: ['export csv found.csv', 'export 12 jsonl out.jsonl all'],
  complete: (before, state) => {
    const words = /^\d/.test(before[0] ?? '') ? before.slice(1) : before;
    if (words.length === 0) return [{ kind: 'words', words: formats }, { kind: 'actions' }];
    return words.length === 1 ? [{ kind: 'paths' }] : completeQuery(words.slice(2), state);
  },
  run: (state, { words }) => {
    const forced = words.some(({ text }) => text === '--force');
    const typed = words.filter(({ text }) => text !== '--force');
    const hasId = /^\d+(\.\d+)?$/.test(typed[0]?.text ?? '');
    const [format, path, ...rest] = hasId ? typed.slice(1) : typed;
    if (!format || !path) throw usageError('expected a format and a file, as in "export csv found.csv", got less');
    const query = exportQuery(state, [...(hasId ? typed.slice(0, 1) : []), ...rest]);
    const whole = { ...query, format: parseFormat(format.text) };
    return [state, [{ kind: 'export', query: whole, path: expectPath(path.text), force: forced }]];
  },
};

/** Exactly what was shown last, where nothing else is said and it was of this action. */
function exportQuery(state: State, words: readonly Word[]): ResultQuery {
  const query = parseResultQuery(words, contextOf(state));
  const isPlain = words.every(({ text }) => /^\d/.test(text));
  const last = state.lastQuery;
  return isPlain && last && last.action === query.action && last.n === query.n ? last : query;
}

/** The action, or the command, that the place is about. */
export function contextOf(state: State): QueryContext {
  const place = currentPlace(state);
  if (place.mode === 'action') return { action: place.action, settings: state.settings };
  if (place.mode === 'command') return { action: place.action, n: place.n, settings: state.settings };
  return { settings: state.settings };
}

function completeQuery(before: readonly string[], state: State): readonly CompletionSource[] {
  const last = before.at(-1)?.replace(/^-+/, '');
  if (last === 'agent') return [{ kind: 'agents' }];
  if (last === 'format') return [{ kind: 'words', words: formats }];
  if (last === '|') return [{ kind: 'words', words: ['grep', 'head', 'count'] }];
  const needsId = before.length === 0 && contextOf(state).action === undefined;
  return needsId ? [{ kind: 'actions' }] : [{ kind: 'words', words: options }];
}

/** In a command reader: the command as it is stored. */
export const commandJson: Command = {
  name: 'json',
  aliases: [],
  modes: ['command'],
  summary: 'the command with its results as JSON',
  usage: 'json',
  examples: ['json'],
  run: (state, { args }) => {
    expectAtMost(args, 0);
    const place = currentPlace(state);
    if (place.mode !== 'command') return [state, []];
    return [state, [{ kind: 'showCommandJson', action: place.action, n: place.n }]];
  },
};
