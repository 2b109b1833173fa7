/** What a one-shot command is to run. */
import { findModule, modules } from '../../modules/index.ts';
import { ConsoleError } from '../base/app-error.ts';
import { commands } from './commands/command-list.ts';
import { nearest } from '../base/nearest.ts';
import { readFlagFiles } from '../module/file-flags.ts';
import { parseParams } from '../module/flags.ts';
import { zeroTime, type Action } from '../protocol/action.ts';
import { emptyDraft, validity } from './draft.ts';
import type { CommandLine } from './global-flags.ts';
import { readActionFile, readTextFile, toDraft } from './perform/files.ts';

/** Commands of the console's base mode that make sense by themselves. */
export const shellWords = [
  'results',
  'actions',
  'agents',
  'export',
  'search',
  'status',
  'list',
  'ledger',
  'counters',
  'history',
  'hosts',
  'set',
  'alerts',
  'watch',
  'alert',
] as const;

/** The action of a module's flags, or of a file. */
export async function readRequest(
  { flags, word, rest }: CommandLine,
  argv: readonly string[],
): Promise<{ readonly action: Action; readonly notices: readonly string[] }> {
  const nowMs = Date.now();
  if (flags.actionFile !== undefined) {
    if (word !== undefined) throw new ConsoleError('COMMAND_USAGE', `expected a module or -i FILE, got both (${word})`);
    const read = await readActionFile(flags.actionFile);
    const action = toDraft(read.action, nowMs);
    const timed = action.expireafter === zeroTime ? { ...action, ...validity(nowMs, flags.periodMs) } : action;
    return { action: { ...timed, ...(flags.name === undefined ? {} : { name: flags.name }) }, notices: read.notices };
  }
  const module = findModule(word ?? '');
  if (!module) throw unknownWord(word ?? '');
  const parameters = parseParams(module.params, await readFlagFiles(module.params.fields, rest, readTextFile));
  const operation = { module: module.name, parameters, ...(flags.compress ? { want_compressed: true } : {}) };
  const name = flags.name ?? shorten(argv.join(' '));
  const target = flags.target ?? 'local';
  return {
    action: { ...emptyDraft, ...validity(nowMs, flags.periodMs), name, target, operations: [operation] },
    notices: [],
  };
}

function shorten(words: string): string {
  return words.length > 100 ? `${words.slice(0, 100)}...` : words;
}

/** The error for a first word that is nothing. */
export function unknownWord(word: string): ConsoleError {
  if (commands.some(({ name, aliases }) => [name, ...aliases].includes(word))) {
    return new ConsoleError(
      'COMMAND_UNKNOWN',
      `${JSON.stringify(word)} is a command of the console, not of the shell: start "gumshoe", or pipe lines into it`,
    );
  }
  const near = nearest(word, [...modules.map(({ name }) => name), ...shellWords, 'help']);
  return new ConsoleError(
    'COMMAND_UNKNOWN',
    `${JSON.stringify(word.slice(0, 60))} is no module and no command${near ? `: did you mean ${near}?` : ''}`,
  );
}
