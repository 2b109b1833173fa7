/** The words of a target. Everything that is no plain part of an expression (comments, semicolons, parameters, other quotes) ends here, with its place. */
import { targetError, type TargetSpan } from './target-error.ts';

export interface Token extends TargetSpan {
  readonly kind: 'word' | 'text' | 'number' | 'operator';
  /** A word or operator as it was typed, a word in double quotes without them, a text without its quotes. */
  readonly value: string;
}

const operators = ['->>', '#>>', '->', '#>', '<=', '>=', '<>', '!=', '==', '||', '::'] as const;
const singles = '=<>+-*/%(),.';
/** Of a condition apart from its texts: lists of ids may be long, conditions that people write are not. */
const maxCharacters = 4096;
const maxTotalCharacters = 1024 * 1024;
const maxDepth = 100;

/** Throws ProtocolError TARGET_INVALID. */
export function tokenizeTarget(text: string): readonly Token[] {
  if (text.length > maxTotalCharacters) throw tooLong(text, text.length);
  const tokens: Token[] = [];
  let at = 0;
  while (at < text.length) {
    const blank = /\s*/y;
    blank.lastIndex = at;
    at += blank.exec(text)?.[0].length ?? 0;
    if (at >= text.length) break;
    const token = readToken(text, at);
    tokens.push(token);
    at = token.to;
  }
  const listed = tokens.reduce((sum, token, here) => (isListed(tokens, here) ? sum + token.to - token.from : sum), 0);
  if (text.length - listed > maxCharacters) throw tooLong(text, text.length - listed);
  checkParentheses(text, tokens);
  return tokens;
}

/** A text between the parentheses and commas of a list, with its comma. */
function isListed(tokens: readonly Token[], at: number): boolean {
  const { kind, value } = tokens[at] ?? { kind: 'word', value: '' };
  const before = tokens[at - 1];
  if (kind === 'operator' && value === ',') return before?.kind === 'text';
  return kind === 'text' && before?.kind === 'operator' && (before.value === ',' || before.value === '(');
}

function tooLong(text: string, length: number): Error {
  const problem = `expected at most ${maxCharacters} characters beside the texts of lists, got ${length}`;
  return targetError(text, { from: 0, to: 20 }, problem);
}

function readToken(text: string, at: number): Token {
  const word = sticky(/[A-Za-z_][A-Za-z0-9_]*/y, text, at);
  if (word !== undefined) return { kind: 'word', value: word, from: at, to: at + word.length };
  const number = sticky(/(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?(?![A-Za-z0-9_])/y, text, at);
  if (number !== undefined) return { kind: 'number', value: number, from: at, to: at + number.length };
  const character = text[at] ?? '';
  if (character === "'") return readQuoted(text, at, "'", 'text');
  if (character === '"') return readQuoted(text, at, '"', 'word');
  if (/^(?:--|\/\*)/.test(text.slice(at, at + 2))) {
    throw targetError(text, { from: at, to: at + 2 }, 'expected a condition without comments');
  }
  const operator = operators.find((one) => text.startsWith(one, at)) ?? (singles.includes(character) ? character : '');
  if (operator !== '') return { kind: 'operator', value: operator, from: at, to: at + operator.length };
  throw targetError(text, { from: at, to: at + 1 }, describeStranger(character));
}

function describeStranger(character: string): string {
  if (character === ';') return 'expected one condition, got a semicolon';
  if (character === '~') return 'expected LIKE or ILIKE: regular expressions are not part of targets';
  return 'expected a column, a text in single quotes, a number or an operator';
}

function readQuoted(text: string, from: number, quote: string, kind: 'text' | 'word'): Token {
  let value = '';
  for (let at = from + 1; at < text.length; at++) {
    const character = text[at] ?? '';
    if (character < ' ') {
      throw targetError(text, { from: at, to: at + 1 }, 'expected no control character in a text');
    }
    if (character !== quote) value += character;
    else if (text[at + 1] === quote) {
      value += quote;
      at++;
    } else return { kind, value, from, to: at + 1 };
  }
  throw targetError(text, { from, to: text.length }, `the quote ${quote} is not closed`);
}

function checkParentheses(text: string, tokens: readonly Token[]): void {
  const open: Token[] = [];
  for (const token of tokens) {
    if (token.kind !== 'operator') continue;
    if (token.value === '(') open.push(token);
    if (open.length > maxDepth)
      throw targetError(text, token, `expected at most ${maxDepth} parentheses in each other`);
    if (token.value === ')' && !open.pop()) throw targetError(text, token, 'this parenthesis was never opened');
  }
  const left = open.pop();
  if (left) throw targetError(text, left, 'this parenthesis is never closed');
}

function sticky(expression: RegExp, text: string, at: number): string | undefined {
  expression.lastIndex = at;
  return expression.exec(text)?.[0];
}
