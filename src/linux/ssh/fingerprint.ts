import { createHash } from 'node:crypto';

/** "4c:57:cb:...": what `ssh-keygen -l -E md5` prints behind "MD5:". */
export function md5Fingerprint(blob: Buffer): string {
  return createHash('md5')
    .update(blob)
    .digest('hex')
    .replace(/..(?=.)/g, '$&:');
}

/** "SHA256:Inqm2j...": base64 without padding, as `ssh-keygen -l` prints it. */
export function sha256Fingerprint(blob: Buffer): string {
  return `SHA256:${createHash('sha256').update(blob).digest('base64').replace(/=+$/, '')}`;
}
