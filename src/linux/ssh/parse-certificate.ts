import { SshFormatError } from './ssh-format-error.ts';
import { createWireReader, type WireReader } from './wire.ts';

/** What a certificate says of its key. Texts are raw, one character a byte. Source: OpenSSH's PROTOCOL.certkeys. */
export interface Certificate {
  readonly kind: 'user' | 'host';
  readonly serial: bigint;
  readonly keyId: string;
  /** The accounts, or hosts, it is good for; none means any. */
  readonly principals: readonly string[];
  /** Seconds since 1970; 0 = always. */
  readonly validAfter: bigint;
  /** Seconds since 1970; 2^64-1 = for ever. */
  readonly validBefore: bigint;
  readonly criticalOptions: readonly CertificateOption[];
  readonly extensions: readonly CertificateOption[];
  /** The key of the authority, as bytes of a public key. */
  readonly authority: Buffer;
  /** "rsa-sha2-512", "ssh-ed25519", ... */
  readonly signatureAlgorithm: string;
}

export interface CertificateOption {
  readonly name: string;
  /** Empty for a flag. */
  readonly value: string;
}

/** As OpenSSH's SSHKEY_CERT_MAX_PRINCIPALS. */
const maxPrincipals = 256;
const maxOptions = 256;
export const forever = 2n ** 64n - 1n;

/** The fields of a certificate from behind its key to its end. Throws SshFormatError. */
export function parseCertificate(reader: WireReader): Certificate {
  const serial = reader.uint64();
  const kindNumber = reader.uint32();
  if (kindNumber !== 1 && kindNumber !== 2) throw new SshFormatError('its kind is neither user nor host');
  const keyId = reader.latin1();
  const principals = readTexts(createWireReader(reader.bytes()));
  const validAfter = reader.uint64();
  const validBefore = reader.uint64();
  const criticalOptions = readOptions(createWireReader(reader.bytes()));
  const extensions = readOptions(createWireReader(reader.bytes()));
  reader.bytes(); // reserved
  const authority = reader.bytes();
  const signatureAlgorithm = createWireReader(reader.bytes()).latin1();
  return {
    kind: kindNumber === 1 ? 'user' : 'host',
    serial,
    keyId,
    principals,
    validAfter,
    validBefore,
    criticalOptions,
    extensions,
    authority,
    signatureAlgorithm,
  };
}

function readTexts(reader: WireReader): readonly string[] {
  const texts: string[] = [];
  while (!reader.isAtEnd()) {
    if (texts.length === maxPrincipals) throw new SshFormatError(`expected at most ${maxPrincipals} principals`);
    texts.push(reader.latin1());
  }
  return texts;
}

function readOptions(reader: WireReader): readonly CertificateOption[] {
  const options: CertificateOption[] = [];
  while (!reader.isAtEnd()) {
    if (options.length === maxOptions) throw new SshFormatError(`expected at most ${maxOptions} options`);
    const name = reader.latin1();
    const data = reader.bytes();
    options.push({ name, value: data.length === 0 ? '' : createWireReader(data).latin1() });
  }
  return options;
}
