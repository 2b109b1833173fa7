/** Private keys in all their files: what their public half is, and how they are protected. The secret itself is passed over and leaves no trace. */
import { parseOpensshPrivateKey } from './parse-openssh-private-key.ts';
import { parseEncryptedPkcs8, parsePkcs8, parseTraditionalKey } from './parse-der-private-key.ts';
import { parseBase64 } from './parse-base64.ts';
import type { PrivateKey } from './private-key.ts';
import { SshFormatError } from './ssh-format-error.ts';

/** The labels of the blocks that hold private keys, RFC 7468 and OpenSSL's. */
const parsers: Readonly<Record<string, (block: PemBlock) => PrivateKey>> = {
  'OPENSSH PRIVATE KEY': ({ bytes }) => parseOpensshPrivateKey(bytes),
  'RSA PRIVATE KEY': (block) => parseTraditional(block, 'ssh-rsa'),
  'DSA PRIVATE KEY': (block) => parseTraditional(block, 'ssh-dss'),
  'EC PRIVATE KEY': (block) => parseTraditional(block, undefined),
  'PRIVATE KEY': ({ bytes }) => parsePkcs8(bytes),
  'ENCRYPTED PRIVATE KEY': ({ bytes }) => parseEncryptedPkcs8(bytes),
};

/** True for the label of a block that parsePrivateKey takes. */
export function isPrivateKeyLabel(label: string): boolean {
  return Object.hasOwn(parsers, label);
}

interface PemBlock {
  readonly headers: ReadonlyMap<string, string>;
  readonly bytes: Buffer;
}

/** The key in the text between "-----BEGIN LABEL-----" and "-----END LABEL-----". Throws SshFormatError. */
export function parsePrivateKey(label: string, body: string): PrivateKey {
  const parse = Object.hasOwn(parsers, label) ? parsers[label] : undefined;
  if (!parse) throw new SshFormatError('the label names no private key that is known');
  return parse(parsePemBody(body));
}

/** Lines may be indented, as in YAML. Headers, RFC 1421, end at a blank line. */
function parsePemBody(body: string): PemBlock {
  const lines = body.split('\n').map((line) => line.trim());
  const headers = new Map<string, string>();
  let at = 0;
  while (at < lines.length && (lines[at] === '' || lines[at]?.includes(':'))) {
    const [name = '', ...value] = (lines[at] ?? '').split(':');
    if (name !== '') headers.set(name.toLowerCase(), value.join(':').trim());
    at++;
  }
  return { headers, bytes: parseBase64(lines.slice(at).join('')) };
}

/** PKCS#1, SEC1 and OpenSSL's DSA; encrypted as RFC 1421 says, with OpenSSL's DEK-Info. */
function parseTraditional({ headers, bytes }: PemBlock, algorithm: string | undefined): PrivateKey {
  const isEncrypted = headers.get('proc-type')?.includes('ENCRYPTED') ?? false;
  if (!isEncrypted) return parseTraditionalKey(bytes, algorithm);
  const [cipher = ''] = (headers.get('dek-info') ?? '').split(',');
  const encryption = { cipher: cipher.slice(0, 64) || 'unknown', kdf: 'MD5, 1 round' };
  return { format: 'pem', publicKey: undefined, algorithm, encryption, comment: '' };
}
