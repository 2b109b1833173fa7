/** Versions as MIG's scribe compares them: like rpm, without the rules of Debian for ~ and without those of newer rpm for ~ and ^. */

/** [epoch:]version[-release], the release behind the last dash; each as its runs of digits and of letters. */
export interface Version {
  readonly epoch: string;
  readonly version: readonly string[];
  readonly release: readonly string[];
}

/** A text that is no version. The message says why without the text, which may come from a file that must not leave the endpoint. */
export class VersionError extends Error {}

/** Longer texts are no versions; they would only be slow. */
const maxLength = 4096;

/** Throws VersionError: nothing behind the epoch, nothing behind the last dash, nothing at all. */
export function parseVersion(text: string): Version {
  if (text === '') throw new VersionError('it is empty');
  if (text.length > maxLength) throw new VersionError(`it has ${text.length} characters`);
  const [, epoch, rest = text] = /^(\d*):(.*)$/s.exec(text) ?? [];
  if (epoch === '') throw new VersionError('there are no digits before its colon');
  if (rest === '') throw new VersionError('it is only epoch');
  const dash = rest.lastIndexOf('-');
  if (dash === rest.length - 1) throw new VersionError('it ends in dash');
  return {
    epoch: trimZeros(epoch ?? '0'),
    version: pieces(dash < 0 ? rest : rest.slice(0, dash)),
    release: dash < 0 ? [] : pieces(rest.slice(dash + 1)),
  };
}

/** Negative when the first is lower, positive when it is higher, 0 when they are equal. Throws VersionError. */
export function compareVersionTexts(one: string, other: string): number {
  const [first, second] = [parseVersion(one), parseVersion(other)];
  return (
    compareNumbers(first.epoch, second.epoch) ||
    comparePieces(first.version, second.version) ||
    comparePieces(first.release, second.release)
  );
}

function pieces(text: string): readonly string[] {
  return (text.match(/[0-9]+|[A-Za-z]+/g) ?? []).map((piece) => (isNumber(piece) ? trimZeros(piece) : piece));
}

/** A number beats letters; more pieces beat fewer. */
function comparePieces(one: readonly string[], other: readonly string[]): number {
  for (const [at, second] of other.entries()) {
    const first = one[at];
    if (first === undefined) return -1;
    if (isNumber(first) !== isNumber(second)) return isNumber(first) ? 1 : -1;
    const order = isNumber(first) ? compareNumbers(first, second) : compareTexts(first, second);
    if (order !== 0) return order;
  }
  return one.length - other.length;
}

function isNumber(piece: string): boolean {
  return piece.charCodeAt(0) <= 0x39;
}

/** "007" is "7", and "00" is "0": MIG's library made nothing of it and crashed. */
function trimZeros(digits: string): string {
  return digits.replace(/^0+(?=\d)/, '');
}

/** Digits without leading zeros, of any length. */
function compareNumbers(one: string, other: string): number {
  return one.length - other.length || compareTexts(one, other);
}

function compareTexts(one: string, other: string): number {
  if (one === other) return 0;
  return one < other ? -1 : 1;
}
