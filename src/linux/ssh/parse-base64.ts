import { SshFormatError } from './ssh-format-error.ts';

/** The bytes of a base64 text without blanks. Node takes anything for base64; here the whole text must be it. Throws SshFormatError. */
export function parseBase64(text: string): Buffer {
  const bare = text.replace(/={1,2}$/, '');
  if (!/^[A-Za-z0-9+/]+$/.test(bare) || bare.length % 4 === 1) throw new SshFormatError('expected base64');
  return Buffer.from(bare, 'base64');
}
