/** How one content condition of a search is to be taken. */
export interface ContentRule {
  /** The expression has a ! in front. */
  readonly isInverted: boolean;
  /** The search names content in `mismatch`. */
  readonly isMismatched: boolean;
  /** macroal: every line must satisfy the expression. */
  readonly everyLine: boolean;
  readonly matchAll: boolean;
}

/** What was found out about the lines of a file; undefined = not known. */
export interface LineFacts {
  /** No line at all. */
  readonly isEmpty: boolean | undefined;
  /** Whether some line matches, or every line does: what the rule asks (`every` only for everyLine without !). */
  readonly answer: boolean | undefined;
}

/**
 * Whether a file meets a content condition; undefined where that is not known.
 *
 * Without macroal the condition is "some line matches", with ! "no line matches". With macroal it is "there are lines and each of them matches", with !
 * "no line matches". mismatch negates that. These are MIG's verified results, but for three cases where MIG reports nothing or everything and which
 * follow the rule here: mismatch of an inverted expression with matchall, and mismatch without macroal with matchany.
 *
 * One case of MIG's is no rule and kept as it is: macroal with mismatch on a file without lines, which is reported with matchall and not with matchany.
 */
export function decideContent(rule: ContentRule, { isEmpty, answer }: LineFacts): boolean | undefined {
  if (isEmpty === undefined || answer === undefined) return undefined;
  if (isEmpty && rule.everyLine && rule.isMismatched) return rule.matchAll;
  return isMet(rule, isEmpty, answer) !== rule.isMismatched;
}

function isMet({ isInverted, everyLine }: ContentRule, isEmpty: boolean, answer: boolean): boolean {
  if (isInverted) return !answer;
  return everyLine ? answer && !isEmpty : answer;
}
