const units: Readonly<Record<string, number>> = { '': 1, k: 2 ** 10, m: 2 ** 20, g: 2 ** 30, t: 2 ** 40 };
/** Sizes of files are signed 64-bit numbers. */
const maxBytes = 2 ** 63;

/** Both bounds are inclusive, as MIG's: "<10k" holds for 10240 bytes. */
export interface SizeCondition {
  readonly relation: 'at most' | 'at least' | 'exactly';
  readonly bytes: number;
}

/** "<10k", ">1g", "190": a whole number of bytes, or of k, m, g, t (powers of 1024). Undefined for anything else. */
export function parseSizeCondition(text: string): SizeCondition | undefined {
  const found = /^([<>]?)(\d+)([kmgt]?)$/.exec(text);
  if (!found) return undefined;
  const bytes = Number(found[2]) * (units[found[3] ?? ''] ?? 1);
  if (bytes >= maxBytes) return undefined;
  return { relation: found[1] === '<' ? 'at most' : found[1] === '>' ? 'at least' : 'exactly', bytes };
}

export function checkSize(text: string): string | undefined {
  if (parseSizeCondition(text)) return undefined;
  return `expected a size such as 190, <10k, >4m or >1g (below 8388608t), got ${JSON.stringify(text.slice(0, 100))}`;
}

export function matchesSize({ relation, bytes }: SizeCondition, size: number): boolean {
  if (relation === 'at most') return size <= bytes;
  return relation === 'at least' ? size >= bytes : size === bytes;
}
