/**
 * Postgres' spelling of a condition as SQLite's, token by token. What comes out is made of known words alone: columns of the agents row, operators, a few
 * functions, and texts in quotes that are written anew.
 */
import { nearest } from '../base/nearest.ts';
import { agentColumns, timeColumns } from './agent-columns.ts';
import { callable, intervalMark, pathMark } from './row-functions.ts';
import { targetError } from './target-error.ts';
import { parseInterval, toTimeText } from './time-text.ts';
import type { Token } from './tokenize-target.ts';

/** A piece of SQL, and the first and last token that it stands for. */
export interface SqlPart {
  readonly sql: string;
  readonly from: Token;
  readonly to: Token;
}

const keywords: readonly string[] =
  'AND OR NOT IN IS NULL BETWEEN LIKE ESCAPE ISNULL NOTNULL DISTINCT FROM CASE WHEN THEN ELSE END CAST AS INTEGER TEXT REAL NUMERIC'.split(
    ' ',
  );
const columns: readonly string[] = Object.keys(agentColumns);
const suggestions: readonly string[] = [...columns, ...callable, ...keywords, 'ILIKE', 'INTERVAL', 'found', 'notfound'];
/** What people take for columns. */
const environmentKeys: ReadonlySet<string> = new Set([
  'os',
  'arch',
  'ident',
  'init',
  'isproxied',
  'addresses',
  'modules',
  'user',
]);
const comparisons: ReadonlySet<string> = new Set(['=', '==', '<>', '!=', '<', '>', '<=', '>=']);

/** Throws ProtocolError TARGET_INVALID. */
export function rewriteTarget(text: string, tokens: readonly Token[]): readonly SqlPart[] {
  const parts: SqlPart[] = [];
  const roles = findRoles(text, tokens);
  for (let at = 0; at < tokens.length; at++) {
    const used = rewriteAt(text, tokens, at, roles);
    const from = tokens[at];
    const to = tokens[at + used.count - 1];
    if (from && to && used.sql !== '') parts.push({ sql: used.sql, from, to });
    at += used.count - 1;
  }
  return parts;
}

interface Rewritten {
  readonly sql: string;
  /** How many tokens it takes. */
  readonly count: number;
}

interface Roles {
  /** Indexes of texts that are compared with a time. */
  readonly times: ReadonlySet<number>;
  /** Indexes of TRUE and FALSE that are compared with something. */
  readonly booleans: ReadonlySet<number>;
}

function rewriteAt(text: string, tokens: readonly Token[], at: number, roles: Roles): Rewritten {
  const token = tokens[at] as Token;
  if (token.kind === 'number') return { sql: token.value, count: 1 };
  if (token.kind === 'text') {
    return { sql: quote(roles.times.has(at) ? readTime(text, token) : token.value), count: 1 };
  }
  if (token.kind === 'operator') return rewriteOperator(text, tokens, at);
  return rewriteWord(text, tokens, at, roles);
}

function rewriteOperator(text: string, tokens: readonly Token[], at: number): Rewritten {
  const token = tokens[at] as Token;
  if ((token.value === '-' || token.value === '+') && isWord(tokens[at + 1], 'INTERVAL')) {
    const length = tokens[at + 2];
    return { sql: `-> ${quote(intervalMark + token.value + readInterval(text, length))}`, count: 3 };
  }
  if ((token.value === '-' || token.value === '+') && tokens[at + 2]?.value === '::') {
    const length = tokens[at + 1];
    if (isWord(tokens[at + 3], 'INTERVAL'))
      return { sql: `-> ${quote(intervalMark + token.value + readInterval(text, length))}`, count: 4 };
  }
  if (token.value === '#>>' || token.value === '#>') {
    const path = tokens[at + 1];
    return { sql: `${token.value.replace('#', '-')} ${quote(readPath(text, path ?? token))}`, count: 2 };
  }
  if (token.value === '::') {
    throw targetError(text, token, 'expected no cast with ::, got one: write cast(... as integer)');
  }
  if (token.value === '.') throw targetError(text, token, 'expected a dot only in agents.COLUMN');
  return { sql: token.value, count: 1 };
}

function rewriteWord(text: string, tokens: readonly Token[], at: number, roles: Roles): Rewritten {
  const token = tokens[at] as Token;
  const word = token.value.toLowerCase();
  const next = tokens[at + 1];
  if (word === 'agents' && next?.value === '.' && next.kind === 'operator') {
    const column = tokens[at + 2];
    if (column?.kind !== 'word') throw targetError(text, column ?? next, 'expected a column behind "agents."');
    return { sql: requireColumn(text, column), count: 3 };
  }
  const isCall = next?.kind === 'operator' && next.value === '(';
  if (text[token.from] !== '"') {
    if (word === 'ilike') return { sql: 'MATCH', count: 1 };
    if (word === 'true' || word === 'false') {
      return { sql: roles.booleans.has(at) ? quote(word) : word, count: 1 };
    }
    if (word === 'current_timestamp') return { sql: 'now()', count: 1 };
    if (keywords.includes(word.toUpperCase())) return { sql: word.toUpperCase(), count: 1 };
    if (isCall && callable.some((one) => one === word)) return { sql: word, count: 1 };
  }
  if (isCall) throw targetError(text, token, describeCall(word));
  return { sql: requireColumn(text, token), count: 1 };
}

function describeCall(word: string): string {
  if (word === 'found' || word === 'notfound') {
    return `${word}(N) takes the number of an action of this case, and is worked out by the console that has it`;
  }
  return `expected one of the functions ${callable.join(', ')}, got ${word}()`;
}

function requireColumn(text: string, token: Token): string {
  const word = token.value.toLowerCase();
  if (columns.includes(word)) return `agents.${word}`;
  if (/^(select|exists|with|values|pragma|attach|insert|update|delete|drop)$/.test(word)) {
    throw targetError(text, token, 'expected a condition on the columns of one agent: there is nothing else to ask');
  }
  if (/^(glob|regexp|match|similar)$/.test(word)) {
    throw targetError(text, token, 'expected LIKE or ILIKE, with % for anything and _ for one character');
  }
  if (environmentKeys.has(word)) {
    throw targetError(text, token, `no column is called so: did you mean environment->>'${word}'?`);
  }
  const near = nearest(word, suggestions);
  throw targetError(
    text,
    token,
    near === undefined
      ? `expected a column (${columns.join(', ')}), a text in single quotes or an operator`
      : `no column is called so: did you mean ${near}?`,
  );
}

/** What stands beside what, by a letter for each token: the only grammar that is needed before SQLite's own. */
function findRoles(text: string, tokens: readonly Token[]): Roles {
  const letters = tokens.map((token) => letterOf(token)).join('');
  const number = /JTo(n)/d.exec(letters) ?? /(n)o(?:gd)?cJT/d.exec(letters);
  const wrong = tokens[number?.indices?.[1]?.[0] ?? -1];
  if (wrong) {
    throw targetError(
      text,
      wrong,
      `expected a text, as ->> gives one: write '${wrong.value}', or cast(... as integer) around the other side`,
    );
  }
  const spans = [...letters.matchAll(/C(?:oT|N?BT(?:AT)?|N?I\((?:T,)*T)|To(?:gd)?C/g)];
  const times = spans.flatMap(({ index, 0: { length } }) => Array.from({ length }, (_, at) => index + at));
  const booleans = [...letters.matchAll(/o(b)|(b)o/dg)].map(
    ({ indices }) => (indices?.[1] ?? indices?.[2] ?? [-1])[0] ?? -1,
  );
  return { times: new Set(times.filter((at) => letters[at] === 'T')), booleans: new Set(booleans) };
}

function letterOf({ kind, value }: Token): string {
  if (kind === 'text') return 'T';
  if (kind === 'number') return 'n';
  if (kind === 'operator') {
    if (comparisons.has(value)) return 'o';
    if (value === '->>' || value === '#>>') return 'J';
    return value === '.' ? 'd' : value.length === 1 ? value : 'x';
  }
  const word = value.toLowerCase();
  const letter = { between: 'B', not: 'N', and: 'A', in: 'I', true: 'b', false: 'b', agents: 'g' }[word];
  return letter ?? (timeColumns.includes(word) ? 'C' : columns.includes(word) ? 'c' : 'x');
}

function readTime(text: string, token: Token): string {
  const time = toTimeText(token.value);
  if (time !== null) return time;
  throw targetError(text, token, "expected a time like '2026-11-21', '2026-11-21 07:00' or '2026-11-21T07:00:00Z'");
}

function readInterval(text: string, token: Token | undefined): string {
  if (token?.kind === 'text' && parseInterval(token.value)) return token.value;
  throw targetError(text, token ?? endOf(text), "expected a length of time like INTERVAL '30 days' or '2 hours'");
}

/** '{aws,instanceid}' as keys behind marks. */
function readPath(text: string, token: Token): string {
  const inside = /^\{(.*)\}$/.exec(token.value)?.[1];
  if (token.kind !== 'text' || inside === undefined) {
    throw targetError(text, token, "expected a path like '{aws,instanceid}'");
  }
  const keys = inside.split(',').map((key) => key.trim().replace(/^"(.*)"$/, '$1'));
  return keys.map((key) => pathMark + key).join('');
}

function endOf(text: string): { readonly from: number; readonly to: number } {
  return { from: text.length, to: text.length };
}

function isWord(token: Token | undefined, word: string): boolean {
  return token?.kind === 'word' && token.value.toUpperCase() === word;
}

function quote(value: string): string {
  return `'${value.replaceAll("'", "''")}'`;
}
