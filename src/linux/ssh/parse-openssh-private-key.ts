import { parsePublicKey, type PublicKey } from './parse-public-key.ts';
import type { PrivateKey } from './private-key.ts';
import { SshFormatError } from './ssh-format-error.ts';
import { createWireReader, type WireReader } from './wire.ts';

const magic = 'openssh-key-v1\0';

/**
 * A key as ssh-keygen has written it since OpenSSH 7.8. The public half stands in clear whatever the encryption. Throws SshFormatError.
 * Source: OpenSSH's PROTOCOL.key.
 */
export function parseOpensshPrivateKey(bytes: Buffer): PrivateKey {
  const reader = createWireReader(bytes);
  if (reader.take(magic.length).toString('latin1') !== magic)
    throw new SshFormatError('expected the mark openssh-key-v1 at its beginning');
  const cipher = reader.latin1();
  const kdf = reader.latin1();
  const kdfOptions = reader.bytes();
  if (reader.uint32() !== 1) throw new SshFormatError('expected one key');
  const publicKey = parsePublicKey(reader.bytes());
  const secret = reader.bytes();
  const { algorithm } = publicKey;
  if (cipher === 'none') {
    const comment = readComment(createWireReader(secret), publicKey);
    return { format: 'openssh', publicKey, algorithm, encryption: undefined, comment };
  }
  const encryption = { cipher: cipher.slice(0, 64), kdf: describeKdf(kdf, kdfOptions) };
  return { format: 'openssh', publicKey, algorithm, encryption, comment: '' };
}

function describeKdf(name: string, options: Buffer): string {
  if (name !== 'bcrypt') return name.slice(0, 64);
  const reader = createWireReader(options);
  reader.bytes(); // the salt
  const rounds = reader.uint32();
  return `bcrypt, ${rounds} ${rounds === 1 ? 'round' : 'rounds'}`;
}

/** What stands before the comment in the secret part: strings, and single bytes where 'byte' is named. */
const secretFields: Readonly<Record<string, readonly ('string' | 'byte')[]>> = {
  'ssh-rsa': ['string', 'string', 'string', 'string', 'string', 'string'],
  'ssh-dss': ['string', 'string', 'string', 'string', 'string'],
  'ssh-ed25519': ['string', 'string'],
  'ecdsa-sha2-nistp256': ['string', 'string', 'string'],
  'ecdsa-sha2-nistp384': ['string', 'string', 'string'],
  'ecdsa-sha2-nistp521': ['string', 'string', 'string'],
  'sk-ssh-ed25519@openssh.com': ['string', 'string', 'byte', 'string', 'string'],
  'sk-ecdsa-sha2-nistp256@openssh.com': ['string', 'string', 'string', 'byte', 'string', 'string'],
};

/** With a certificate in front, only what the certificate does not hold follows it; such files are rare, and their comment is left out. */
function readComment(reader: WireReader, { algorithm, certificate }: PublicKey): string {
  if (reader.uint32() !== reader.uint32()) throw new SshFormatError('the two check numbers of its secret part differ');
  if (certificate) return '';
  if (reader.latin1() !== algorithm) throw new SshFormatError('its secret part is of another algorithm');
  for (const field of secretFields[algorithm] ?? []) {
    if (field === 'byte') reader.uint8();
    else reader.bytes();
  }
  return reader.latin1();
}
