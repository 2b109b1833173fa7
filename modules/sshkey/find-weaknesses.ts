/** Why a key is weak or badly kept. Sentences for an investigator; a note is worth knowing and no weakness. */
import { findRsaWeakness } from '../../src/linux/ssh/find-rsa-weakness.ts';
import { forever, type Certificate } from '../../src/linux/ssh/parse-certificate.ts';
import type { PrivateKey } from '../../src/linux/ssh/private-key.ts';
import type { PublicKey } from '../../src/linux/ssh/parse-public-key.ts';

export interface Verdict {
  readonly weaknesses: readonly string[];
  readonly notes: readonly string[];
}

const minRsaBits = 2048;
const goodRsaBits = 3072;
/** An exponent beyond this is no usual key, and old software refuses it. */
const maxUsualExponent = 2n ** 32n;

/** What the public half alone tells. */
export function judgePublicKey(key: PublicKey): Verdict {
  const weaknesses: string[] = [];
  const notes: string[] = [];
  if (key.algorithm === 'ssh-dss') weaknesses.push('DSA: at most 1024 bits and SHA-1, refused by OpenSSH since 7.0');
  if (key.rsa) {
    if (key.bits < minRsaBits) weaknesses.push(`RSA of ${key.bits} bits, expected at least ${minRsaBits}`);
    else if (key.bits < goodRsaBits) notes.push(`RSA of ${key.bits} bits, ${goodRsaBits} are advised today`);
    judgeExponent(key.rsa.exponent, weaknesses, notes);
    const reason = findRsaWeakness(key.rsa.modulus);
    if (reason !== undefined) weaknesses.push(reason);
  }
  return { weaknesses, notes };
}

function judgeExponent(bytes: Buffer, weaknesses: string[], notes: string[]): void {
  if (bytes.length > 64) {
    weaknesses.push('its public exponent is longer than 512 bits');
    return;
  }
  const exponent = BigInt(`0x0${bytes.toString('hex')}`);
  if (exponent < 3n || exponent % 2n === 0n)
    weaknesses.push(`its public exponent is ${exponent}, expected an odd number from 3`);
  else if (exponent < 65_537n) notes.push(`its public exponent is ${exponent}, 65537 is usual`);
  else if (exponent > maxUsualExponent) notes.push('its public exponent is longer than 32 bits, 65537 is usual');
}

/** How a private key is kept. Keys of the host itself cannot have a password. */
export function judgePrivateKey(
  key: PrivateKey,
  file: { readonly mode: number; readonly isHostKey: boolean },
): Verdict {
  const weaknesses: string[] = [];
  const notes: string[] = [];
  if (!key.encryption) (file.isHostKey ? notes : weaknesses).push('not encrypted');
  else if (key.encryption.kdf.startsWith('MD5')) notes.push('its password is stretched by one round of MD5 only');
  if ((file.mode & 0o077) !== 0) weaknesses.push(describeMode(file.mode));
  return { weaknesses, notes };
}

function describeMode(mode: number): string {
  const octal = (mode & 0o7777).toString(8).padStart(4, '0');
  const who = (mode & 0o007) === 0 ? 'its group' : 'everybody';
  return `open to ${who} (mode ${octal})`;
}

/** What a certificate says of itself. */
export function judgeCertificate(certificate: Certificate, nowMs: number): Verdict {
  const now = BigInt(Math.floor(nowMs / 1000));
  const weaknesses: string[] = [];
  const notes: string[] = [];
  if (certificate.signatureAlgorithm === 'ssh-rsa') weaknesses.push('signed with SHA-1, refused by OpenSSH since 8.2');
  if (certificate.signatureAlgorithm === 'ssh-dss') weaknesses.push('signed with DSA');
  if (certificate.validBefore === forever) notes.push('never expires');
  else if (certificate.validBefore <= now) notes.push('expired');
  if (certificate.validAfter > now) notes.push('not valid yet');
  if (certificate.principals.length === 0) notes.push('names no principal, so servers refuse it or take it for any');
  return { weaknesses, notes };
}

/** Several verdicts as one. */
export function joinVerdicts(verdicts: readonly Verdict[]): Verdict {
  return {
    weaknesses: verdicts.flatMap(({ weaknesses }) => weaknesses),
    notes: verdicts.flatMap(({ notes }) => notes),
  };
}
