import { parsePattern } from './pattern.ts';

/**
 * A test of the texts that one thing has (the names of its groups, the paths of its programs) by validated expressions: one of those without ! must match
 * one of the texts, and those with ! must match none. Without expressions everything passes.
 */
export function createTextsTest(patterns: readonly string[] | undefined): (texts: readonly string[]) => boolean {
  const parsed = (patterns ?? []).map(parsePattern);
  const wanted = parsed.filter(({ isInverted }) => !isInverted);
  const unwanted = parsed.filter(({ isInverted }) => isInverted);
  return (texts) =>
    (wanted.length === 0 || wanted.some(({ regex }) => texts.some((text) => regex.test(text)))) &&
    !unwanted.some(({ regex }) => texts.some((text) => regex.test(text)));
}
