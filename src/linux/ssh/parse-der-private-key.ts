import { createPrivateKey, createPublicKey } from 'node:crypto';
import { derContent, derTag, formatOid, parseDer, parseDerSequence, type DerValue } from './der.ts';
import { parsePublicKey, type PublicKey } from './parse-public-key.ts';
import type { PrivateKey } from './private-key.ts';
import { ForeignKeyError, SshFormatError } from './ssh-format-error.ts';
import { bitLength, formatWireStrings, toMpint } from './wire.ts';

const oids: Readonly<Record<string, string>> = {
  '1.2.840.113549.1.1.1': 'rsa',
  '1.2.840.10040.4.1': 'dsa',
  '1.2.840.10045.2.1': 'ec',
  '1.3.101.112': 'ed25519',
  '1.2.840.10045.3.1.7': 'nistp256',
  '1.3.132.0.34': 'nistp384',
  '1.3.132.0.35': 'nistp521',
};

/** RSA (PKCS#1, RFC 8017), DSA (OpenSSL's own) or EC (SEC1, RFC 5915; algorithm undefined) in clear. Throws SshFormatError. */
export function parseTraditionalKey(bytes: Buffer, algorithm: string | undefined): PrivateKey {
  const values = parseDerSequence(bytes);
  if (algorithm === 'ssh-rsa') return inClear('pem', rsaKey(values));
  if (algorithm === 'ssh-dss') return inClear('pem', dsaKey([1, 2, 3, 4].map((at) => integer(values, at))));
  return inClear('pem', ecKey(bytes, values, undefined));
}

/** PKCS#8 in clear, RFC 5958: what "BEGIN PRIVATE KEY" holds. Throws SshFormatError, also for keys that SSH has no use for. */
export function parsePkcs8(bytes: Buffer): PrivateKey {
  const values = parseDerSequence(bytes);
  const [kind, parameters] = parseAlgorithm(derContent(values, 1, derTag.sequence));
  const key = derContent(values, 2, derTag.octetString);
  if (kind === 'rsa') return inClear('pkcs8', rsaKey(parseDerSequence(key)));
  if (kind === 'ed25519') return inClear('pkcs8', toEd25519(derive(bytes, 'pkcs8')));
  if (kind === 'ec') {
    const curve = parameters?.tag === derTag.oid ? formatOid(parameters.content) : undefined;
    return inClear('pkcs8', ecKey(bytes, parseDerSequence(key), curve));
  }
  if (kind === 'dsa' && parameters) return inClear('pkcs8', pkcs8Dsa(bytes, parameters));
  throw new ForeignKeyError('its algorithm is none of SSH');
}

/** PKCS#8 with a password, RFC 8018: what "BEGIN ENCRYPTED PRIVATE KEY" holds. Throws SshFormatError. */
export function parseEncryptedPkcs8(bytes: Buffer): PrivateKey {
  const values = parseDerSequence(bytes);
  const encryption = parseScheme(derContent(values, 0, derTag.sequence));
  derContent(values, 1, derTag.octetString);
  return { format: 'pkcs8', publicKey: undefined, algorithm: undefined, encryption, comment: '' };
}

function inClear(format: 'pem' | 'pkcs8', publicKey: PublicKey): PrivateKey {
  return { format, publicKey, algorithm: publicKey.algorithm, encryption: undefined, comment: '' };
}

function rsaKey(values: readonly DerValue[]): PublicKey {
  return parsePublicKey(formatWireStrings(['ssh-rsa', toMpint(integer(values, 2)), toMpint(integer(values, 1))]));
}

function dsaKey(numbers: readonly Buffer[]): PublicKey {
  return parsePublicKey(formatWireStrings(['ssh-dss', ...numbers.map(toMpint)]));
}

/** The most that OpenSSL computes with: the public number of a longer key would take for ever. */
const maxDsaBits = 10_000;

function pkcs8Dsa(bytes: Buffer, parameters: DerValue): PublicKey {
  const numbers = parseDer(parameters.content);
  const group = [0, 1, 2].map((at) => integer(numbers, at));
  if (group.some((number) => bitLength(number) > maxDsaBits)) throw new SshFormatError('its numbers are too large');
  const bits = derContent(parseDerSequence(derive(bytes, 'pkcs8')), 1, derTag.bitString);
  return dsaKey([...group, integer(parseDer(bits.subarray(1)), 0)]);
}

/** The public point stands in the key, and is computed where it was left out. */
function ecKey(bytes: Buffer, values: readonly DerValue[], outerCurve: string | undefined): PublicKey {
  const named = values.find(({ tag }) => tag === 0xa0);
  const inner = named && formatOid(derContent(parseDer(named.content), 0, derTag.oid));
  const curve = oids[outerCurve ?? inner ?? ''];
  if (!curve?.startsWith('nist')) throw new ForeignKeyError('its curve is none of SSH');
  const told = values.find(({ tag }) => tag === 0xa1);
  const bits = told
    ? derContent(parseDer(told.content), 0, derTag.bitString)
    : derContent(parseDerSequence(derive(bytes, outerCurve === undefined ? 'sec1' : 'pkcs8')), 1, derTag.bitString);
  return parsePublicKey(formatWireStrings([`ecdsa-sha2-${curve}`, curve, bits.subarray(1)]));
}

function toEd25519(spki: Buffer): PublicKey {
  const bits = derContent(parseDerSequence(spki), 1, derTag.bitString);
  return parsePublicKey(formatWireStrings(['ssh-ed25519', bits.subarray(1)]));
}

/** The public half as a SubjectPublicKeyInfo, computed by OpenSSL. */
function derive(key: Buffer, type: 'pkcs8' | 'sec1'): Buffer {
  try {
    return createPublicKey(createPrivateKey({ key, format: 'der', type })).export({ format: 'der', type: 'spki' });
  } catch {
    throw new SshFormatError('the public half cannot be computed from it');
  }
}

function integer(values: readonly DerValue[], at: number): Buffer {
  return derContent(values, at, derTag.integer);
}

function parseAlgorithm(content: Buffer): readonly [string | undefined, DerValue | undefined] {
  const values = parseDer(content);
  return [oids[formatOid(derContent(values, 0, derTag.oid))], values[1]];
}

const schemeNames: Readonly<Record<string, string>> = {
  '1.2.840.113549.1.5.13': 'PBES2',
  '1.2.840.113549.1.5.12': 'PBKDF2',
  '1.3.6.1.4.1.11591.4.11': 'scrypt',
  '1.2.840.113549.3.7': 'DES-EDE3-CBC',
  '2.16.840.1.101.3.4.1.2': 'AES-128-CBC',
  '2.16.840.1.101.3.4.1.22': 'AES-192-CBC',
  '2.16.840.1.101.3.4.1.42': 'AES-256-CBC',
  '1.2.840.113549.1.5.3': 'PBE-MD5-DES',
  '1.2.840.113549.1.12.1.3': 'PBE-SHA1-3DES',
};

function nameOf(content: Buffer): string {
  const oid = formatOid(content);
  return schemeNames[oid] ?? oid;
}

function parseScheme(content: Buffer): { readonly cipher: string; readonly kdf: string } {
  const [id, parameters] = parseDer(content);
  if (id?.tag !== derTag.oid || !parameters) throw new SshFormatError('it does not say how it is encrypted');
  const scheme = nameOf(id.content);
  if (scheme !== 'PBES2') return { cipher: scheme, kdf: describeRounds(scheme, parseDer(parameters.content)[1]) };
  const parts = parseDer(parameters.content);
  const [kdf, kdfParameters] = parseDer(derContent(parts, 0, derTag.sequence));
  const [cipher] = parseDer(derContent(parts, 1, derTag.sequence));
  if (kdf?.tag !== derTag.oid || cipher?.tag !== derTag.oid)
    throw new SshFormatError('it does not say how it is encrypted');
  const rounds = kdfParameters && parseDer(kdfParameters.content)[1];
  return { cipher: nameOf(cipher.content), kdf: describeRounds(nameOf(kdf.content), rounds) };
}

/** scrypt has a cost in the place where the others count rounds. */
function describeRounds(kdf: string, count: DerValue | undefined): string {
  if (count?.tag !== derTag.integer || count.content.length > 6) return kdf;
  const number = BigInt(`0x0${count.content.toString('hex')}`);
  return kdf === 'scrypt' ? `scrypt, cost ${number}` : `${kdf}, ${number} ${number === 1n ? 'round' : 'rounds'}`;
}
