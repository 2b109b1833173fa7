import { parseBase64 } from './parse-base64.ts';
import { parsePublicKey } from './parse-public-key.ts';
import type { PrivateKey } from './private-key.ts';
import { SshFormatError } from './ssh-format-error.ts';

/** What a .ppk file begins with. */
export const puttyMark = 'PuTTY-User-Key-File-';

/** A key file of PuTTY, version 2 or 3; the public half stands in clear. Throws SshFormatError. Source: PuTTY's manual, appendix C. */
export function parsePuttyKey(text: string): PrivateKey {
  const lines = text.split('\n').map((line) => line.trimEnd());
  if (!/^PuTTY-User-Key-File-[23]: /.test(lines[0] ?? ''))
    throw new SshFormatError('expected a key of PuTTY, version 2 or 3');
  const headers = new Map<string, string>();
  const blocks = new Map<string, string>();
  for (let at = 1; at < lines.length; at++) {
    const header = /^([A-Za-z0-9-]{1,40}): (.*)$/.exec(lines[at] ?? '');
    if (!header) continue;
    const [, name = '', value = ''] = header;
    headers.set(name, value);
    if (name !== 'Public-Lines') continue;
    const count = /^\d{1,4}$/.test(value) ? Number(value) : 0;
    blocks.set(name, lines.slice(at + 1, at + 1 + count).join(''));
    at += count;
  }
  const publicKey = parsePublicKey(parseBase64(blocks.get('Public-Lines') ?? ''));
  const cipher = headers.get('Encryption');
  if (cipher === undefined) throw new SshFormatError('it does not say whether it is encrypted');
  const kdf = headers.get('Key-Derivation');
  const passes = headers.get('Argon2-Passes');
  return {
    format: 'putty',
    publicKey,
    algorithm: publicKey.algorithm,
    encryption:
      cipher === 'none'
        ? undefined
        : {
            cipher: cipher.slice(0, 64),
            kdf:
              kdf === undefined
                ? 'SHA-1, 1 round'
                : `${kdf.slice(0, 64)}${passes === undefined ? '' : `, ${passes.slice(0, 20)} passes`}`,
          },
    comment: headers.get('Comment') ?? '',
  };
}
