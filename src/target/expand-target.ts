/** The words of targets that stand for conditions: tag:KEY=VALUE, found(N), notfound(N). */
import { tokenizeTarget } from './tokenize-target.ts';

/** "tag:env=prod" as tags->>'env'='prod', "tag:env" as having that tag; any other text as it is. */
export function expandTag(text: string): string {
  const match = /^tag:([^=]+)(?:=(.*))?$/s.exec(text);
  if (!match) return text;
  const [, key = '', value] = match;
  return `tags->>${quoteText(key)}${value === undefined ? ' IS NOT NULL' : `=${quoteText(value)}`}`;
}

/** The actions that a condition asks about, each once. Throws ProtocolError TARGET_INVALID for a text that is none. */
export function findActions(text: string): readonly number[] {
  return [...new Set(findCalls(text).map(({ action }) => action))];
}

/** The condition with each found(N) and notfound(N) as a list of ids: agents that did not have the action are in neither. */
export function expandFound(text: string, idsOf: (action: number, found: boolean) => readonly string[]): string {
  let expanded = '';
  let from = 0;
  for (const call of findCalls(text)) {
    const ids = idsOf(call.action, call.found);
    // A list cannot be empty, and no agent is called by the empty text.
    const list = ids.length === 0 ? ["''"] : ids.map(quoteText);
    expanded += `${text.slice(from, call.from)}id IN (${list.join(',')})`;
    from = call.to;
  }
  return expanded + text.slice(from);
}

interface FoundCall {
  readonly found: boolean;
  readonly action: number;
  readonly from: number;
  readonly to: number;
}

function findCalls(text: string): readonly FoundCall[] {
  if (!/found/i.test(text)) return [];
  const tokens = tokenizeTarget(text);
  return tokens.flatMap((token, at): readonly FoundCall[] => {
    const name = token.kind === 'word' ? token.value.toLowerCase() : '';
    const [open, number, close] = tokens.slice(at + 1, at + 4);
    if (name !== 'found' && name !== 'notfound') return [];
    if (open?.value !== '(' || number?.kind !== 'number' || !/^\d+$/.test(number.value) || close?.value !== ')')
      return [];
    return [{ found: name === 'found', action: Number(number.value), from: token.from, to: close.to }];
  });
}

/** A text as it stands in a condition. */
export function quoteText(value: string): string {
  return `'${value.replaceAll("'", "''")}'`;
}
