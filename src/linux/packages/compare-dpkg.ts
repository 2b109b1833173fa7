import { compareDigits, endOfDigits, isDigit } from './digits.ts';

/**
 * Compares versions as deb-version(7) says: [epoch:]upstream[-revision]. A missing epoch or revision counts as 0; "~" sorts before everything, even
 * before the end; letters sort before other characters; runs of digits are numbers.
 */
export function compareDpkg(a: string, b: string): number {
  const left = splitDpkg(a);
  const right = splitDpkg(b);
  return (
    compareDigits(left.epoch, right.epoch) ||
    comparePart(left.upstream, right.upstream) ||
    comparePart(left.revision, right.revision)
  );
}

function splitDpkg(version: string): { readonly epoch: string; readonly upstream: string; readonly revision: string } {
  const colon = endOfDigits(version, 0);
  const hasEpoch = colon > 0 && version[colon] === ':';
  const rest = hasEpoch ? version.slice(colon + 1) : version;
  const dash = rest.lastIndexOf('-');
  return {
    epoch: hasEpoch ? version.slice(0, colon) : '',
    upstream: dash < 0 ? rest : rest.slice(0, dash),
    revision: dash < 0 ? '' : rest.slice(dash + 1),
  };
}

function comparePart(a: string, b: string): number {
  let i = 0;
  let j = 0;
  while (i < a.length || j < b.length) {
    while (isOther(a, i) || isOther(b, j)) {
      const difference = weight(a.charCodeAt(i)) - weight(b.charCodeAt(j));
      if (difference !== 0) return difference;
      i++;
      j++;
    }
    const endA = endOfDigits(a, i);
    const endB = endOfDigits(b, j);
    const difference = compareDigits(a.slice(i, endA), b.slice(j, endB));
    if (difference !== 0) return difference;
    i = endA;
    j = endB;
  }
  return 0;
}

function isOther(text: string, at: number): boolean {
  return at < text.length && !isDigit(text.charCodeAt(at));
}

/** The place of a character in the order; the end of the text and a digit stand between "~" and the letters. */
function weight(code: number): number {
  if (Number.isNaN(code) || isDigit(code)) return 0;
  if (code === 0x7e) return -1;
  const isLetter = (code >= 0x41 && code <= 0x5a) || (code >= 0x61 && code <= 0x7a);
  return isLetter ? code : code + 0x100;
}
