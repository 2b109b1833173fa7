/** The draft as it is shown, and as a file. */
import { isAbsolute, resolve } from 'node:path';
import { line } from '../../module/line.ts';
import { zeroTime, type Action } from '../../protocol/action.ts';
import { expectAtMost, usageError, type Command } from '../command.ts';
import { describeOperations, draftOf } from '../draft.ts';
import { describeAction, formatFields, formatTimes } from '../format-action.ts';
import { formatJson } from '../results/write-format.ts';
import { isCondition } from '../../target/compile-target.ts';
import { describeTarget, resolveTarget } from '../targets.ts';

export const show: Command = {
  name: 'show',
  aliases: ['details'],
  modes: ['launcher'],
  summary: 'show the draft',
  usage: 'show',
  examples: ['show'],
  run: (state, { args }) => {
    expectAtMost(args, 0);
    const draft = draftOf(state);
    return [
      state,
      [
        {
          kind: 'print',
          lines: [...formatFields(describeAction(draft)), ...formatTimes(draft), ...describeOperations(draft)],
        },
      ],
    ];
  },
};

export const json: Command = {
  name: 'json',
  aliases: [],
  modes: ['launcher'],
  summary: 'show the draft as an action file',
  usage: 'json [pack]',
  examples: ['json', 'json pack   (on one line)'],
  complete: (before) => (before.length === 0 ? [{ kind: 'words', words: ['pack'] }] : []),
  run: (state, { args }) => [state, [{ kind: 'printSafe', texts: formatActionJson(draftOf(state), parsePack(args)) }]],
};

export const save: Command = {
  name: 'save',
  aliases: [],
  modes: ['launcher'],
  summary: 'write the draft into an action file',
  usage: 'save FILE [--force]',
  examples: ['save passwd.json'],
  complete: (before) => (before.length === 0 ? [{ kind: 'paths' }] : []),
  run: (state, { args }) => {
    const force = args.includes('--force');
    const paths = args.filter((word) => word !== '--force');
    expectAtMost(paths, 1);
    const path = expectPath(paths[0]);
    return [state, [{ kind: 'writeFile', path, text: `${formatJson(draftOf(state), 2)}\n`, force }]];
  },
};

export const load: Command = {
  name: 'load',
  aliases: [],
  modes: ['base', 'launcher', 'action', 'command', 'agent'],
  summary: 'open the launcher with the action of a file',
  usage: 'load FILE',
  examples: ['load actions/shellshock_iocs.json'],
  complete: (before) => (before.length === 0 ? [{ kind: 'paths' }] : []),
  run: (state, { args }) => {
    expectAtMost(args, 1);
    return [state, [{ kind: 'loadAction', path: expectPath(args[0]) }]];
  },
};

export const listagents: Command = {
  name: 'listagents',
  aliases: [],
  modes: ['launcher'],
  summary: 'list the agents that the target means',
  usage: 'listagents',
  examples: ['listagents'],
  run: (state, { args, nowMs }) => {
    expectAtMost(args, 0);
    const { target } = draftOf(state);
    if (target === '') throw usageError('expected a target first, as in "target local", got none');
    if (isCondition(target)) return [state, [{ kind: 'showTarget', target, ids: true }]];
    const agents = resolveTarget(state, target, nowMs);
    const rows = agents.map((agent) => line(`  ${agent.info?.id ?? '-'}  ${agent.info?.name ?? agent.target}`));
    return [state, [{ kind: 'print', lines: [...describeTarget(target, agents), ...rows] }]];
  },
};

/** "pack", or nothing. */
export function parsePack(args: readonly string[]): boolean {
  expectAtMost(args, 1);
  if (args[0] !== undefined && args[0] !== 'pack')
    throw usageError(`expected pack or nothing, got ${JSON.stringify(args[0])}`);
  return args[0] === 'pack';
}

/** An action as the lines of a file; hidden characters as escapes. */
export function formatActionJson(action: Action, pack: boolean): readonly string[] {
  return formatJson(action, pack ? undefined : 2).split('\n');
}

/** A path of this host as it was typed; a leading ~/ is the home folder. Throws ConsoleError COMMAND_USAGE. */
export function expectPath(typed: string | undefined): string {
  if (typed === undefined || typed === '') throw usageError('expected the path of a file, got none');
  if (typed.includes('\0')) throw usageError('expected the path of a file, got one with a zero byte');
  const home = process.env['HOME'];
  if (typed.startsWith('~/') && home) return resolve(home, typed.slice(2));
  return isAbsolute(typed) ? typed : resolve(typed);
}

/** The draft that an action gives: what belongs to its launch is left out. */
export function draftFrom(action: Action): Action {
  const { id: _id, ...rest } = action;
  return { ...rest, validfrom: zeroTime, expireafter: zeroTime, pgpsignatures: [] };
}
