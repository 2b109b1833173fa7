import { parseCertificate, type Certificate } from './parse-certificate.ts';
import { SshFormatError } from './ssh-format-error.ts';
import { bitLength, createWireReader, formatWireStrings, type WireReader } from './wire.ts';

/** A public key of SSH. */
export interface PublicKey {
  /** "ssh-rsa", "ecdsa-sha2-nistp256", "sk-ssh-ed25519@openssh.com"; of a certificate the name of its key, without "-cert-v01". */
  readonly algorithm: string;
  /** As `ssh-keygen -l` counts: of the modulus of RSA, of p of DSA, of the curve otherwise. */
  readonly bits: number;
  /** The key as bytes, RFC 4253 6.6; of a certificate that of the key in it. What fingerprints are made of. */
  readonly blob: Buffer;
  /** RSA only: modulus and public exponent, unsigned and big-endian. */
  readonly rsa?: { readonly modulus: Buffer; readonly exponent: Buffer };
  /** Keys in hardware only: "ssh:". One character a byte. */
  readonly application?: string;
  readonly certificate?: Certificate;
}

interface KeyKind {
  /** The fields behind the name of the algorithm; what they come to, and the fields themselves to build the plain key of a certificate. */
  readonly read: (
    reader: WireReader,
  ) => Pick<PublicKey, 'bits' | 'rsa' | 'application'> & { readonly fields: readonly Buffer[] };
}

const curveBits: Readonly<Record<string, number>> = { nistp256: 256, nistp384: 384, nistp521: 521 };

const kinds: ReadonlyMap<string, KeyKind> = new Map([
  ['ssh-rsa', { read: readRsa }],
  ['ssh-dss', { read: readDsa }],
  ['ssh-ed25519', { read: readEd25519 }],
  ['sk-ssh-ed25519@openssh.com', { read: (reader) => withApplication(readEd25519(reader), reader) }],
  ['sk-ecdsa-sha2-nistp256@openssh.com', { read: (reader) => withApplication(readEcdsa(reader, 'nistp256'), reader) }],
  ...Object.keys(curveBits).map((curve): [string, KeyKind] => [
    `ecdsa-sha2-${curve}`,
    { read: (reader) => readEcdsa(reader, curve) },
  ]),
]);

const certificateNames: ReadonlyMap<string, string> = new Map(
  [...kinds.keys()].map((name) => [`${name.replace('@openssh.com', '')}-cert-v01@openssh.com`, name]),
);

/** True for a name that parsePublicKey knows, a certificate's included. */
export function isKeyAlgorithm(name: string): boolean {
  return kinds.has(name) || certificateNames.has(name);
}

/**
 * The key or certificate in these bytes, as they stand in base64 in .pub files. Nothing may follow it. Throws SshFormatError. Sources: RFC 4253 6.6, 5656,
 * 8709, OpenSSH's PROTOCOL.certkeys and PROTOCOL.u2f.
 */
export function parsePublicKey(bytes: Buffer): PublicKey {
  const reader = createWireReader(bytes);
  const name = reader.latin1();
  const certified = certificateNames.get(name);
  const algorithm = certified ?? name;
  const kind = kinds.get(algorithm);
  if (!kind) throw new SshFormatError('the name of its algorithm is not known');
  const nonce = certified === undefined ? undefined : reader.bytes();
  const { fields, ...facts } = kind.read(reader);
  const certificate = nonce && parseCertificate(reader);
  if (!reader.isAtEnd()) throw new SshFormatError('bytes follow the end of the key');
  return { algorithm, ...facts, blob: formatWireStrings([algorithm, ...fields]), ...(certificate && { certificate }) };
}

function readRsa(reader: WireReader): ReturnType<KeyKind['read']> {
  const exponent = readNumber(reader);
  const modulus = readNumber(reader);
  return { bits: bitLength(modulus), rsa: { modulus, exponent }, fields: [exponent, modulus] };
}

function readDsa(reader: WireReader): ReturnType<KeyKind['read']> {
  const fields = [readNumber(reader), readNumber(reader), readNumber(reader), readNumber(reader)];
  return { bits: bitLength(fields[0] ?? Buffer.alloc(0)), fields };
}

function readEcdsa(reader: WireReader, curve: string): ReturnType<KeyKind['read']> {
  const name = reader.bytes();
  if (name.toString('latin1') !== curve) throw new SshFormatError('its curve is not the one its algorithm names');
  const bits = curveBits[curve] ?? 0;
  const point = reader.bytes();
  if (point[0] !== 4 || point.length !== 1 + 2 * Math.ceil(bits / 8))
    throw new SshFormatError('its point is no uncompressed point of the curve');
  return { bits, fields: [name, point] };
}

function readEd25519(reader: WireReader): ReturnType<KeyKind['read']> {
  const point = reader.bytes();
  if (point.length !== 32) throw new SshFormatError('expected a key of 32 bytes');
  return { bits: 256, fields: [point] };
}

function withApplication(key: ReturnType<KeyKind['read']>, reader: WireReader): ReturnType<KeyKind['read']> {
  const application = reader.bytes();
  return { ...key, application: application.toString('latin1'), fields: [...key.fields, application] };
}

/** A positive mpint, as it stands. */
function readNumber(reader: WireReader): Buffer {
  const number = reader.bytes();
  if (number.length === 0 || (number[0] ?? 0) >= 0x80) throw new SshFormatError('expected a positive number');
  return number;
}
