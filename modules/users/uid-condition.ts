/** A range of user ids, both ends included. */
export interface UidCondition {
  readonly from: number;
  readonly to: number;
}

const maxUid = 0xffff_ffff;

/** "0", "<1000" (below), ">999" (above), "1000-1999"; undefined for anything else. */
export function parseUidCondition(text: string): UidCondition | undefined {
  const found = /^(?:([<>])(\d{1,10})|(\d{1,10})(?:-(\d{1,10}))?)$/.exec(text);
  if (!found) return undefined;
  const [, relation, bound, first, last] = found;
  const condition =
    relation === '<'
      ? { from: 0, to: Number(bound) - 1 }
      : relation === '>'
        ? { from: Number(bound) + 1, to: maxUid }
        : { from: Number(first), to: Number(last ?? first) };
  return condition.from <= condition.to && condition.to <= maxUid ? condition : undefined;
}

export function checkUid(text: string): string | undefined {
  if (parseUidCondition(text)) return undefined;
  return `expected a user id such as 0, '<1000', '>999' or 1000-1999, got ${JSON.stringify(text.slice(0, 100))}`;
}
