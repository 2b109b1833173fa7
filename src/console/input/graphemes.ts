/** Text as a reader sees it: grapheme clusters (UAX 29) and the cells they take in a terminal. */
import stringWidth from 'string-width';

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });

export function splitGraphemes(text: string): readonly string[] {
  return Array.from(graphemes.segment(text), ({ segment }) => segment);
}

/** Where the grapheme before this place begins; 0 at the start. */
export function previousBoundary(text: string, at: number): number {
  return at <= 0 ? 0 : (graphemes.segment(text).containing(at - 1)?.index ?? 0);
}

/** Where the grapheme at this place ends; the length of the text at its end. */
export function nextBoundary(text: string, at: number): number {
  const found = graphemes.segment(text).containing(at);
  return found ? found.index + found.segment.length : text.length;
}

/** Cells of a terminal that the text takes. It holds no control characters. */
export function cellWidth(text: string): number {
  return stringWidth(text);
}
