/**
 * The syntax of Go's regexp package (RE2 with Perl flags), read into a tree that keeps what decides whether a text matches.
 *
 * The parser holds its own stack of open groups, so that nesting costs no call depth; 1000 levels are allowed, as in Go. What cannot be
 * searched in linear time (look-around, back-references) is refused, as is \C.
 */
import { foldCase } from './case-folding.ts';
import { dotSet } from './named-sets.ts';
import { parseBracket } from './parse-bracket.ts';
import { parseEscapedCharacter, parseEscapedSet } from './parse-escape.ts';
import { initialFlags, parseGroupStart, type PatternFlags } from './parse-group.ts';
import { isBoundedRepetition, parseRepetition } from './parse-repetition.ts';
import { createPatternCursor, type PatternCursor } from './pattern-cursor.ts';
import { alternate, type Assertion, concat, type SyntaxNode } from './syntax-tree.ts';

const maxDepth = 1000;

/** A group being read: the choices before the last `|`, the parts since, and the flags to return to when it closes. */
interface OpenGroup {
  readonly choices: SyntaxNode[];
  parts: SyntaxNode[];
  readonly outerFlags: PatternFlags;
  readonly position: number;
}

interface ParserState {
  readonly cursor: PatternCursor;
  readonly names: Set<string>;
  readonly groups: OpenGroup[];
  group: OpenGroup;
  flags: PatternFlags;
  afterRepetition: boolean;
}

const escapedAssertions: Readonly<Record<string, Assertion>> = {
  '\\A': 'text-begin',
  '\\b': 'word-boundary',
  '\\B': 'not-word-boundary',
  '\\z': 'text-end',
};

/** Parses a pattern; throws RegexError. */
export function parsePattern(pattern: string): SyntaxNode {
  const group: OpenGroup = { choices: [], parts: [], outerFlags: initialFlags, position: 0 };
  const state: ParserState = {
    cursor: createPatternCursor(pattern),
    names: new Set(),
    groups: [],
    group,
    flags: initialFlags,
    afterRepetition: false,
  };
  while (!state.cursor.atEnd) state.afterRepetition = parseNext(state);
  if (state.groups.length > 0) {
    state.cursor.fail('expected a closing ) for this group, got the end of the pattern', state.group.position);
  }
  return closeGroup(state.group);
}

function parseNext(state: ParserState): boolean {
  if (parseRepeated(state)) return true;
  const { cursor, group } = state;
  switch (cursor.peek()) {
    case '(':
      openGroup(state);
      break;
    case ')':
      leaveGroup(state);
      break;
    case '|':
      cursor.skip('|');
      group.choices.push(concat(group.parts));
      group.parts = [];
      break;
    case '\\':
      if (!parseQuoted(state)) group.parts.push(parseAssertion(cursor) ?? parseSet(cursor, state.flags));
      break;
    default:
      group.parts.push(parseAnchor(state) ?? parseSet(cursor, state.flags));
  }
  return false;
}

function openGroup(state: ParserState): void {
  const { cursor, flags } = state;
  const position = cursor.position;
  const start = parseGroupStart(cursor, flags, state.names);
  state.flags = start.flags;
  if (!start.opens) return;
  state.groups.push(state.group);
  if (state.groups.length > maxDepth) cursor.fail(`expected at most ${maxDepth} nested groups, got more`, position);
  state.group = { choices: [], parts: [], outerFlags: flags, position };
}

function leaveGroup(state: ParserState): void {
  const outer = state.groups.pop();
  if (outer === undefined) return state.cursor.fail('expected no ) without its (, got one');
  state.cursor.skip(')');
  outer.parts.push(closeGroup(state.group));
  state.flags = state.group.outerFlags;
  state.group = outer;
}

function closeGroup(group: OpenGroup): SyntaxNode {
  return alternate([...group.choices, concat(group.parts)]);
}

function parseRepeated(state: ParserState): boolean {
  const { cursor, group } = state;
  const start = cursor.position;
  const repetition = parseRepetition(cursor);
  if (repetition === undefined) return false;
  const operator = cursor.pattern.slice(start, cursor.position);
  if (state.afterRepetition) cursor.fail(`expected one repetition, got ${operator} after another`, start);
  const part = group.parts.pop();
  if (part === undefined) return cursor.fail(`expected something to repeat before ${operator}, got nothing`, start);
  const repeated: SyntaxNode = { kind: 'repeat', part, min: repetition.min, max: repetition.max };
  if (repetition.counted && !isBoundedRepetition(repeated)) {
    cursor.fail('expected nested repetitions that multiply to at most 1000, got more', start);
  }
  group.parts.push(repeated);
  return true;
}

/** \Q...\E: every character inside stands for itself; a repetition after it means the last one. */
function parseQuoted(state: ParserState): boolean {
  const { cursor, group, flags } = state;
  if (!cursor.skip('\\Q')) return false;
  while (!cursor.atEnd && !cursor.skip('\\E')) group.parts.push(characterNode(cursor.take('a character'), flags));
  return true;
}

function parseAssertion(cursor: PatternCursor): SyntaxNode | undefined {
  const assertion = escapedAssertions[cursor.match(/\\[AbBz]/y)?.[0] ?? ''];
  return assertion === undefined ? undefined : { kind: 'assertion', assertion };
}

function parseAnchor({ cursor, flags }: ParserState): SyntaxNode | undefined {
  if (cursor.skip('^')) return { kind: 'assertion', assertion: flags.multiline ? 'line-begin' : 'text-begin' };
  if (cursor.skip('$')) return { kind: 'assertion', assertion: flags.multiline ? 'line-end' : 'text-end' };
  return undefined;
}

function parseSet(cursor: PatternCursor, flags: PatternFlags): SyntaxNode {
  if (cursor.skip('.')) return { kind: 'set', points: dotSet(flags.dotMatchesNewline) };
  if (cursor.peek() === '[') return { kind: 'set', points: parseBracket(cursor, flags.fold) };
  if (cursor.peek() !== '\\') return characterNode(cursor.take('a character'), flags);
  const points = parseEscapedSet(cursor, flags.fold);
  if (points !== undefined) return { kind: 'set', points };
  return characterNode(String.fromCodePoint(parseEscapedCharacter(cursor)), flags);
}

function characterNode(character: string, flags: PatternFlags): SyntaxNode {
  const point = character.codePointAt(0) ?? 0;
  return { kind: 'set', points: flags.fold ? foldCase([point, point]) : [point, point] };
}
