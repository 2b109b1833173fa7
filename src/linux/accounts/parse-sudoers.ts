/**
 * sudoers(5) as statements. What is not understood is counted, never guessed. Continued lines are joined; a rule that grants several hosts their own commands
 * ("alice A = x : B = y") becomes several rules.
 */
import { createUnparsed, type Unparsed } from '../host/unparsed.ts';
import { parseCommands, type SudoCommand } from './parse-sudo-commands.ts';
import { splitList } from './split-list.ts';

export type AliasKind = 'User_Alias' | 'Runas_Alias' | 'Host_Alias' | 'Cmnd_Alias';

/** A file, or all files of a folder, to be read in this place. */
export interface SudoInclude {
  readonly kind: 'include';
  readonly path: string;
  readonly isFolder: boolean;
}
export interface SudoAlias {
  readonly kind: 'alias';
  readonly type: AliasKind;
  readonly name: string;
  readonly members: readonly string[];
}
/** "Defaults" for everybody, or for the user, host, command or run-as user that the scope names ("Defaults:alice" is ":alice"). */
export interface SudoDefaults {
  readonly kind: 'defaults';
  readonly scope: string;
  readonly settings: readonly string[];
}
export interface SudoRule {
  readonly kind: 'rule';
  readonly users: readonly string[];
  readonly hosts: readonly string[];
  readonly commands: readonly SudoCommand[];
}

/** A statement and the line it begins in, from 1. */
export type SudoStatement = (SudoInclude | SudoAlias | SudoDefaults | SudoRule) & { readonly line: number };

export interface ParsedSudoers {
  readonly statements: readonly SudoStatement[];
  readonly unparsed: Unparsed;
}

const maxStatements = 20_000;

export function parseSudoers(text: string): ParsedSudoers {
  const statements: SudoStatement[] = [];
  const unparsed = createUnparsed();
  for (const { content, line } of joinLines(text)) {
    if (content === '') continue;
    const parsed = statements.length < maxStatements ? parseStatement(content) : undefined;
    if (parsed === undefined) unparsed.add(line);
    else for (const statement of parsed) statements.push({ ...statement, line });
  }
  return { statements, unparsed };
}

/** Logical lines without comments, with the number of the line they begin in. */
function* joinLines(text: string): Generator<{ readonly content: string; readonly line: number }> {
  let pending: string[] = [];
  let start = 1;
  for (const [index, raw] of text.split('\n').entries()) {
    if (pending.length === 0) start = index + 1;
    const line = stripComment(raw);
    if (line.endsWith('\\')) {
      pending.push(line.slice(0, -1));
      continue;
    }
    yield { content: [...pending, line].join('').trim(), line: start };
    pending = [];
  }
  if (pending.length > 0) yield { content: pending.join('').trim(), line: start };
}

/** A # begins a comment, unless it is quoted, begins an #include, or stands before the digits of an id ("#1000", "%#27"). */
function stripComment(line: string): string {
  if (/^\s*#include(dir)?\s/.test(line)) return line;
  let quoted = false;
  for (let at = 0; at < line.length; at++) {
    const character = line[at];
    if (character === '\\') at++;
    else if (character === '"') quoted = !quoted;
    else if (character === '#' && !quoted && !/^-?\d/.test(line.slice(at + 1, at + 3))) return line.slice(0, at);
  }
  return line;
}

function parseStatement(content: string): readonly (SudoInclude | SudoAlias | SudoDefaults | SudoRule)[] | undefined {
  const include = /^[@#]include(dir)?\s+(.+)$/s.exec(content);
  if (include) return [{ kind: 'include', isFolder: include[1] === 'dir', path: unquote(include[2] ?? '') }];
  const alias = /^(User_Alias|Runas_Alias|Host_Alias|Cmnd_Alias|Cmd_Alias)\s+(.*)$/s.exec(content);
  if (alias) return parseAliases(alias[1] === 'Cmd_Alias' ? 'Cmnd_Alias' : (alias[1] as AliasKind), alias[2] ?? '');
  const defaults = /^Defaults([:@>!]\s*[^\s]+)?(?:\s+(.*))?$/s.exec(content);
  if (defaults) {
    const settings = splitList(defaults[2] ?? '', ',');
    return [{ kind: 'defaults', scope: (defaults[1] ?? '').replaceAll(' ', ''), settings }];
  }
  return parseRule(content);
}

function parseAliases(type: AliasKind, text: string): readonly SudoAlias[] | undefined {
  const aliases = splitList(text, ':').map((definition): SudoAlias | undefined => {
    const [, name, members] = /^([A-Z][A-Z0-9_]*)\s*\+?=\s*(.+)$/s.exec(definition) ?? [];
    return name === undefined || members === undefined
      ? undefined
      : { kind: 'alias', type, name, members: splitList(members, ',').map(unquote) };
  });
  return aliases.every((alias) => alias !== undefined) && aliases.length > 0 ? aliases : undefined;
}

function parseRule(content: string): readonly SudoRule[] | undefined {
  const users = takeList(content);
  if (users === undefined) return undefined;
  const rules: SudoRule[] = [];
  for (let rest: string | undefined = users.rest; rest !== undefined;) {
    const hosts = takeList(rest);
    if (hosts === undefined || !hosts.rest.startsWith('=')) return undefined;
    const parsed = parseCommands(hosts.rest.slice(1));
    if (parsed === undefined) return undefined;
    rules.push({ kind: 'rule', users: users.items, hosts: hosts.items, commands: parsed.commands });
    rest = parsed.rest;
  }
  return rules;
}

/** The comma-separated list at the start of a text: it ends at a blank, or an =, that no comma adjoins. */
function takeList(text: string): { readonly items: readonly string[]; readonly rest: string } | undefined {
  let quoted = false;
  let end = text.length;
  for (let at = 0; at < text.length; at++) {
    const character = text[at] ?? '';
    if (character === '\\') at++;
    else if (character === '"') quoted = !quoted;
    else if (!quoted && character === '=') {
      end = at;
      break;
    } else if (!quoted && /\s/.test(character)) {
      const next = nextWord(text, at);
      const before = text[at - 1];
      if (text[next] !== ',' && before !== ',' && before !== '!') {
        end = at;
        break;
      }
      at = next - 1;
      if (text[next] === ',') at = nextWord(text, next + 1) - 1;
    }
  }
  const items = splitList(text.slice(0, end), ',').map(unquote);
  return items.length === 0 ? undefined : { items, rest: text.slice(end).trim() };
}

function nextWord(text: string, from: number): number {
  let at = from;
  while (at < text.length && /\s/.test(text[at] ?? '')) at++;
  return at;
}

function unquote(text: string): string {
  return text
    .trim()
    .replaceAll('"', '')
    .replace(/\\(.)/g, '$1')
    .replace(/^(!+)\s+/, '$1');
}
