/** A key that was found as an item of the result. */
import { md5Fingerprint, sha256Fingerprint } from '../../src/linux/ssh/fingerprint.ts';
import { forever, type Certificate, type CertificateOption } from '../../src/linux/ssh/parse-certificate.ts';
import type { FoundKey } from '../../src/linux/ssh/parse-key-file.ts';
import type { KeyLine, KeyOption } from '../../src/linux/ssh/parse-key-line.ts';
import { parsePublicKey, type PublicKey } from '../../src/linux/ssh/parse-public-key.ts';
import { SshFormatError } from '../../src/linux/ssh/ssh-format-error.ts';
import { decodeLatin1Path } from '../../src/search/walk/path-text.ts';
import type { CertificateFacts, KeyItem, KeyType, PublicFile } from './elements.ts';
import { joinVerdicts, judgeCertificate, judgePrivateKey, judgePublicKey, type Verdict } from './find-weaknesses.ts';
import type { Logins } from './login-index.ts';

/** What is known of the file that a key stands in. */
export interface KeyFileFacts {
  readonly path: string;
  readonly mode: number;
  /** Keys for the item: owner, mode, lastmodified. */
  readonly told: Pick<KeyItem, 'owner' | 'mode' | 'lastmodified'>;
  /** What public keys in this file are. */
  readonly publicType: 'public' | 'authorizedkeys' | 'trustedca';
  readonly isHostKey: boolean;
  readonly nowMs: number;
  readonly loginsFor: (options: readonly KeyOption[]) => Logins;
  /** The public key in the file beside it. */
  readonly readPublicFile: () => PublicFile | undefined;
}

const maxTextLength = 512;
const maxTexts = 64;

export function describeKey(found: FoundKey, file: KeyFileFacts): KeyItem {
  const publicKey = found.kind === 'private' ? found.key.publicKey : found.key.key;
  const head = {
    fingerprint_md5: publicKey ? md5Fingerprint(publicKey.blob) : '',
    fingerprint_sha256: publicKey ? sha256Fingerprint(publicKey.blob) : '',
    path: file.path,
    encrypted: found.kind === 'private' && found.key.encryption !== undefined,
    type: typeOf(found, file),
    line: found.line,
  };
  const algorithm = publicKey?.algorithm ?? (found.kind === 'private' ? found.key.algorithm : undefined);
  const { weaknesses, notes } = judge(found, publicKey, file);
  return {
    ...head,
    ...(algorithm === undefined ? {} : { algorithm }),
    ...(publicKey ? { bits: publicKey.bits } : {}),
    ...textIfAny('comment', found.key.comment),
    ...(publicKey?.application === undefined ? {} : textIfAny('application', publicKey.application)),
    ...(found.kind === 'private' ? describePrivate(found, file) : {}),
    ...(found.kind === 'public' ? describePublic(found.key, file) : {}),
    ...(found.kind === 'knownhost' ? describeKnownHost(found) : {}),
    ...(publicKey?.certificate ? { certificate: describeCertificate(publicKey.certificate) } : {}),
    ...file.told,
    ...(weaknesses.length === 0 ? {} : { weaknesses }),
    ...(notes.length === 0 ? {} : { notes }),
  };
}

/** The public key of a line, as the file beside an encrypted private key tells it. */
export function describePublicFile(path: string, { key, comment }: KeyLine): PublicFile {
  return {
    path,
    fingerprint_md5: md5Fingerprint(key.blob),
    fingerprint_sha256: sha256Fingerprint(key.blob),
    algorithm: key.algorithm,
    bits: key.bits,
    ...textIfAny('comment', comment),
  };
}

function typeOf(found: FoundKey, { publicType }: KeyFileFacts): KeyType {
  if (found.kind !== 'public') return found.kind;
  return publicType === 'public' && found.key.key.certificate ? 'certificate' : publicType;
}

function judge(found: FoundKey, publicKey: PublicKey | undefined, file: KeyFileFacts): Verdict {
  const verdicts: Verdict[] = [];
  if (publicKey) verdicts.push(judgePublicKey(publicKey));
  if (publicKey?.certificate) verdicts.push(judgeCertificate(publicKey.certificate, file.nowMs));
  if (found.kind === 'private') verdicts.push(judgePrivateKey(found.key, file));
  if (found.kind === 'public' && file.publicType === 'authorizedkeys') verdicts.push(judgeReaders(file.loginsFor([])));
  return joinVerdicts(verdicts);
}

function judgeReaders({ listed, more }: Logins): Verdict {
  if (listed.length === 0) return { weaknesses: [], notes: ['no account of this host reads this file'] };
  return { weaknesses: [], notes: more === 0 ? [] : [`${more} more accounts read this file`] };
}

function describePrivate(found: FoundKey & { readonly kind: 'private' }, file: KeyFileFacts): Partial<KeyItem> {
  const { format, encryption, publicKey } = found.key;
  const publicfile = publicKey ? undefined : file.readPublicFile();
  return {
    format,
    ...(encryption ? { cipher: toText(encryption.cipher), kdf: toText(encryption.kdf) } : {}),
    ...(publicfile ? { publicfile } : {}),
  };
}

function describePublic({ options }: KeyLine, file: KeyFileFacts): Partial<KeyItem> {
  return {
    ...(options.length === 0 ? {} : { options: options.slice(0, maxTexts).map(formatOption) }),
    ...(file.publicType === 'authorizedkeys' ? { logins: file.loginsFor(options).listed } : {}),
  };
}

/** What variables hold may be secret. */
function formatOption({ name, value }: KeyOption): string {
  if (value === undefined) return name;
  return toText(`${name}=${name === 'environment' ? value.replace(/=.*/s, '=...') : value}`);
}

function describeKnownHost({ key }: FoundKey & { readonly kind: 'knownhost' }): Partial<KeyItem> {
  return { hosts: key.hosts.slice(0, maxTexts).map(toText), ...(key.marker ? { marker: key.marker } : {}) };
}

function describeCertificate(certificate: Certificate): CertificateFacts {
  const authority = readAuthority(certificate.authority);
  return {
    kind: certificate.kind,
    keyid: toText(certificate.keyId),
    serial: String(certificate.serial),
    principals: certificate.principals.slice(0, maxTexts).map(toText),
    validafter: certificate.validAfter === 0n ? 'always' : formatTime(certificate.validAfter),
    validbefore: certificate.validBefore === forever ? 'forever' : formatTime(certificate.validBefore),
    authority: authority ? sha256Fingerprint(authority.blob) : '',
    authorityalgorithm: authority?.algorithm ?? 'unknown',
    signature: toText(certificate.signatureAlgorithm),
    criticaloptions: formatOptions(certificate.criticalOptions),
    extensions: formatOptions(certificate.extensions),
  };
}

function readAuthority(bytes: Buffer): PublicKey | undefined {
  try {
    return parsePublicKey(bytes);
  } catch (error) {
    if (error instanceof SshFormatError) return undefined;
    throw error;
  }
}

function formatOptions(options: readonly CertificateOption[]): readonly string[] {
  return options.slice(0, maxTexts).map(({ name, value }) => toText(value === '' ? name : `${name}=${value}`));
}

/** The last second that JavaScript has a date for. */
const lastSecond = 8_640_000_000_000n;

function formatTime(seconds: bigint): string {
  if (seconds > lastSecond) return 'forever';
  return new Date(Number(seconds) * 1000).toISOString().replace('.000Z', 'Z');
}

function textIfAny<Name extends string>(name: Name, latin1: string): { readonly [key in Name]?: string } {
  return latin1 === '' ? {} : ({ [name]: toText(latin1) } as { readonly [key in Name]?: string });
}

/** Text of a file, of bounded length; bytes that are not UTF-8 stand as in paths. */
function toText(latin1: string): string {
  return decodeLatin1Path(latin1.length > maxTextLength ? `${latin1.slice(0, maxTextLength)}...` : latin1);
}
