/** Hash functions as OpenSSL and node:crypto name them. */
export type HashAlgorithm =
  | 'md5'
  | 'sha1'
  | 'sha256'
  | 'sha384'
  | 'sha512'
  | 'sha3-224'
  | 'sha3-256'
  | 'sha3-384'
  | 'sha3-512';

/** Families as investigators name them; the length of a checksum tells which function of its family made it. */
export type HashFamily = 'md5' | 'sha1' | 'sha2' | 'sha3';

/** By family: the function for each number of hexadecimal digits. */
const byLength: Readonly<Record<HashFamily, Readonly<Record<number, HashAlgorithm>>>> = {
  md5: { 32: 'md5' },
  sha1: { 40: 'sha1' },
  sha2: { 64: 'sha256', 96: 'sha384', 128: 'sha512' },
  sha3: { 56: 'sha3-224', 64: 'sha3-256', 96: 'sha3-384', 128: 'sha3-512' },
};

/** How many hexadecimal digits checksums of a family can have. */
export function checksumLengths(family: HashFamily): readonly number[] {
  return Object.keys(byLength[family]).map(Number);
}

/** The function that made a checksum of this length; undefined where no function of the family makes such. */
export function algorithmOf(family: HashFamily, checksum: string): HashAlgorithm | undefined {
  return byLength[family][checksum.length];
}
