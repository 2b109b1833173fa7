import { algorithmOf, checksumLengths, type HashFamily } from '../search/hash/algorithms.ts';

/** Says what is wrong with a checksum of this family. */
export function checkChecksum(family: HashFamily): (text: string) => string | undefined {
  return (text) => {
    if (/^[0-9a-fA-F]+$/.test(text) && algorithmOf(family, text) !== undefined) return undefined;
    const lengths = checksumLengths(family)
      .join(', ')
      .replace(/, (\d+)$/, ' or $1');
    const got = text.length > 140 ? `${text.length} characters` : `${JSON.stringify(text)} (${text.length} characters)`;
    return `expected a ${family} checksum of ${lengths} hexadecimal digits, got ${got}`;
  };
}
