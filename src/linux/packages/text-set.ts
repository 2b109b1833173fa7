/** Says of a piece of a text, without cutting it out, whether it may be one of some texts. A no is certain, a yes is to be looked up. */
export interface TextSet {
  readonly mayHave: (text: string, from: number, end: number) => boolean;
}

const slots = 1 << 16;
/** Paths differ most in their last characters. */
const lookedAt = 6;

export function createTextSet(texts: readonly string[]): TextSet {
  const marks = new Uint8Array(slots);
  for (const text of texts) marks[slotOf(text, 0, text.length)] = 1;
  return { mayHave: (text, from, end) => marks[slotOf(text, from, end)] === 1 };
}

function slotOf(text: string, from: number, end: number): number {
  let hash = end - from;
  for (let at = Math.max(from, end - lookedAt); at < end; at++) hash = (Math.imul(hash, 31) + text.charCodeAt(at)) | 0;
  return hash & (slots - 1);
}
