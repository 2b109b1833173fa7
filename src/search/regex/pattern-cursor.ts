import { RegexError } from './regex-error.ts';

/** A place in a pattern that moves forward, character by character. Positions are UTF-16 offsets. */
export interface PatternCursor {
  readonly pattern: string;
  readonly position: number;
  readonly atEnd: boolean;
  /** The character here, '' at the end. */
  peek(): string;
  /** Takes the character here; throws RegexError at the end, saying what was expected. */
  take(expected: string): string;
  /** Takes the text if it stands here. */
  skip(text: string): boolean;
  /** Takes what a sticky expression matches here. */
  match(expression: RegExp): RegExpExecArray | undefined;
  /** Everything from here on. */
  rest(): string;
  moveTo(position: number): void;
  /** Throws: `reason` tells what was expected and what was there. */
  fail(reason: string, position?: number): never;
}

/** A cursor at the first character. */
export function createPatternCursor(pattern: string): PatternCursor {
  let position = 0;
  const fail = (reason: string, at = position): never => {
    throw new RegexError(pattern, at, reason);
  };
  const peek = (): string => {
    const point = pattern.codePointAt(position);
    if (point === undefined) return '';
    if (point >= 0xd800 && point <= 0xdfff) fail('expected a Unicode character, got half of a surrogate pair');
    return String.fromCodePoint(point);
  };
  return {
    pattern,
    get position() {
      return position;
    },
    get atEnd() {
      return position >= pattern.length;
    },
    peek,
    take(expected) {
      const character = peek();
      if (character === '') fail(`expected ${expected}, got the end of the pattern`);
      position += character.length;
      return character;
    },
    skip(text) {
      if (!pattern.startsWith(text, position)) return false;
      position += text.length;
      return true;
    },
    match(expression) {
      expression.lastIndex = position;
      const found = expression.exec(pattern) ?? undefined;
      if (found !== undefined) position += found[0].length;
      return found;
    },
    rest: () => pattern.slice(position),
    moveTo(target) {
      position = target;
    },
    fail,
  };
}
