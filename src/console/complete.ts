/** Tab: what may come at the cursor, from the same list of commands that runs them. */
import { readdir } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { modules } from '../../modules/index.ts';
import { quoteWord } from '../module/flags.ts';
import { listActions } from '../store/actions.ts';
import { readCommands } from '../store/commands.ts';
import { agentColumns } from '../target/agent-columns.ts';
import type { CompletionSource } from './command.ts';
import { commands } from './commands/command-list.ts';
import { dashedFlags } from './commands/draft-operations.ts';
import { findCommand } from './find-command.ts';
import { listAgents } from './perform/show-agents.ts';
import type { PerformContext } from './perform/context.ts';
import { findPivotsOf } from './perform/find-pivots-of.ts';
import type { Completion } from './ports.ts';
import { currentMode, currentPlace } from './state.ts';
import { splitPartial, type Word } from './words.ts';

type Candidate = Completion['candidates'][number];

const maxCandidates = 200;
const maxFolderEntries = 10_000;

export async function complete(typed: string, cursor: number, context: PerformContext): Promise<Completion> {
  const words = splitPartial(typed.slice(0, cursor));
  const last = words.at(-1);
  if (!last) return { from: cursor, candidates: [] };
  const found = await candidatesFor(words, last, context);
  const wanted = last.text.toLowerCase();
  // What is typed of tags->>'env' has lost its quotes as a word.
  const fitting = found.filter(({ text }) => bare(text).toLowerCase().startsWith(wanted)).slice(0, maxCandidates);
  // A flag, a key or a filter is typed as it is; a name with blanks must be quoted to be one word again.
  return { from: last.from, candidates: fitting.map(({ text, hint }) => ({ text: quoted(text), hint })) };
}

function bare(text: string): string {
  return keyOfColumn.test(text) ? text.replaceAll("'", '') : text;
}

/** Part of a condition, which is no word of its own. */
const keyOfColumn = /^\w+->>'[^']*'$/;

function quoted(text: string): string {
  if (keyOfColumn.test(text)) return text;
  return /^[|]|^\S*[=/]$/.test(text) || !/[\s'"\\]/.test(text) ? text : quoteWord(text);
}

async function candidatesFor(
  words: readonly Word[],
  last: Word,
  context: PerformContext,
): Promise<readonly Candidate[]> {
  const state = context.state();
  const mode = currentMode(state);
  const [first, ...rest] = words;
  if (!first || rest.length === 0) {
    return commands
      .filter((command) => command.modes.includes(mode))
      .map(({ name, summary }) => ({ text: name, hint: summary }))
      .toSorted((a, b) => (a.text < b.text ? -1 : 1));
  }
  try {
    const command = findCommand(commands, mode, first.text);
    const before = rest.slice(0, -1).map(({ text }) => text);
    const sources = command.complete?.(before, state) ?? [];
    return (await Promise.all(sources.map((source) => readSource(source, last.text, context)))).flat();
  } catch {
    // An unknown command completes to nothing; typing Enter says why.
    return [];
  }
}

async function readSource(
  source: CompletionSource,
  typed: string,
  context: PerformContext,
): Promise<readonly Candidate[]> {
  const { store } = context;
  switch (source.kind) {
    case 'words':
      return source.words.map((text) => ({ text }));
    case 'modules':
      return modules.map(({ name, summary }) => ({ text: name, hint: summary }));
    case 'topics':
      return [
        ...commands
          .filter((command) => command.modes.includes(currentMode(context.state())))
          .map(({ name, summary }) => ({ text: name, hint: summary })),
        ...modules.map(({ name, summary }) => ({ text: name, hint: summary })),
        { text: 'modules', hint: 'all modules' },
      ];
    case 'actions':
      return listActions(store, { limit: maxCandidates }).map(({ id, action }) => ({
        text: String(id),
        hint: action.name,
      }));
    case 'commands':
      return completeCommands(context);
    case 'agents':
      return listAgents(context).flatMap(({ name, target, status }) => [
        ...(target === undefined || target === name ? [] : [{ text: target, hint: status }]),
        { text: name, hint: status },
      ]);
    case 'pivots':
      return completePivots(context, source);
    case 'columns':
      return completeColumns(context);
    case 'paths':
      return completePath(typed);
    case 'flags':
      return completeFlag(source.module);
    case 'flagValue':
      return completeFlagValue(source.module, source.flag, typed);
  }
}

function completeCommands(context: PerformContext): readonly Candidate[] {
  const place = currentPlace(context.state());
  const action = place.mode === 'action' || place.mode === 'command' ? place.action : undefined;
  const found = [...readCommands(context.store, { ...(action === undefined ? {} : { action }), limit: maxCandidates })];
  return found.map(({ action: id, n, agent, status }) => ({ text: `${id}.${n}`, hint: `${agent.name} ${status}` }));
}

/** Their numbers, and where they fit one alone their values. */
async function completePivots(
  context: PerformContext,
  query: { readonly action: number; readonly n?: number | undefined },
): Promise<readonly Candidate[]> {
  const { choices } = await findPivotsOf(context, query);
  return choices
    .slice(0, maxCandidates)
    .flatMap(({ n, value, label }) => [
      { text: String(n), hint: label },
      ...(value === String(n) ? [] : [{ text: value, hint: label }]),
    ]);
}

/** Columns of conditions, and the keys of those that hold more than one value, as the known agents have them. */
function completeColumns(context: PerformContext): readonly Candidate[] {
  const infos = listAgents(context).flatMap(({ info }) => (info ? [info] : []));
  const keys = (column: 'environment' | 'tags'): readonly string[] => [
    ...new Set(infos.slice(0, maxCandidates).flatMap((info) => Object.keys(info[column]).slice(0, maxCandidates))),
  ];
  const inside = (['environment', 'tags'] as const).flatMap((column) =>
    keys(column)
      .filter((key) => /^[\w.-]+$/.test(key))
      .map((key) => `${column}->>'${key}'`),
  );
  const plain = Object.keys(agentColumns).filter((column) => column !== 'environment' && column !== 'tags');
  return [...plain, ...inside, 'found(', 'notfound('].map((text) => ({ text, hint: 'column' }));
}

function completeFlag(name: string): readonly Candidate[] {
  const module = modules.find((one) => one.name === name.toLowerCase());
  if (!module) return [];
  const hints = new Map(module.params.fields.map((field) => [`-${field.flag}`, field.description]));
  return dashedFlags(module).map((text) => ({ text, hint: hints.get(text) }));
}

async function completeFlagValue(name: string, flag: string, typed: string): Promise<readonly Candidate[]> {
  const field = modules
    .find((one) => one.name === name.toLowerCase())
    ?.params.fields.find((candidate) => [candidate.flag, candidate.fromFile?.flag].includes(flag));
  if (field?.complete === 'path' || field?.fromFile?.flag === flag) return completePath(typed);
  if (field?.complete) return field.complete.map((text) => ({ text }));
  return field ? [{ text: field.example, hint: 'example' }] : [];
}

/** Files and folders of this host; a folder ends with its slash. */
async function completePath(typed: string): Promise<readonly Candidate[]> {
  const folder = typed.endsWith('/') ? typed : typed === '' ? '' : join(dirname(typed), '/');
  const shown = folder === './' && !typed.startsWith('./') ? '' : folder;
  const real = shown.startsWith('~/') ? join(homedir(), shown.slice(2)) : shown === '' ? '.' : shown;
  try {
    const entries = await readdir(real, { withFileTypes: true });
    return entries
      .slice(0, maxFolderEntries)
      .map((entry) => ({ text: `${shown}${entry.name}${entry.isDirectory() ? '/' : ''}` }))
      .toSorted((a, b) => (a.text < b.text ? -1 : 1));
  } catch {
    // No such folder, or not for this account: nothing to offer.
    return [];
  }
}
