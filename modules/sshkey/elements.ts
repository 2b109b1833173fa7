/** What sshkey answers, as it travels. No key material: fingerprints stand for keys. */

/** MIG's types first. A public key is an authorized key or a trusted authority by its file, else a certificate where it is one. */
export const keyTypes = ['private', 'public', 'authorizedkeys', 'certificate', 'trustedca', 'knownhost'] as const;
export type KeyType = (typeof keyTypes)[number];

/** One key in one place. The first five keys are MIG's and always there, the others are additions; one that says nothing is left out. */
export interface KeyItem {
  /** "4c:57:cb:...", as `ssh-keygen -l -E md5` has it behind "MD5:"; empty where the file does not tell it. */
  readonly fingerprint_md5: string;
  /** "SHA256:..."; empty where the file does not tell it. */
  readonly fingerprint_sha256: string;
  readonly path: string;
  readonly encrypted: boolean;
  readonly type: KeyType;
  /** The line on which the key begins, from 1. */
  readonly line?: number;
  /** "ssh-rsa", "ssh-ed25519", "sk-ssh-ed25519@openssh.com"; of a certificate that of its key. */
  readonly algorithm?: string;
  readonly bits?: number;
  /** Of a private key: openssh, pem, pkcs8 or putty. */
  readonly format?: string;
  readonly cipher?: string;
  readonly kdf?: string;
  readonly comment?: string;
  /** The user the file belongs to, or the number where there is no name. */
  readonly owner?: string;
  /** In Go's notation, as the file module has it: "-rw-------". */
  readonly mode?: string;
  /** "2026-11-21 01:37:41.880681567 +0000 UTC". */
  readonly lastmodified?: string;
  /** Reasons not to trust the key or its file. */
  readonly weaknesses?: readonly string[];
  /** What is worth knowing and no weakness. */
  readonly notes?: readonly string[];
  /** Of authorized_keys: `restrict`, `from=10.0.0.0/8`. Of `environment` only the name of the variable. */
  readonly options?: readonly string[];
  /** Of authorized_keys: the accounts of this host that read this file; empty where none does. */
  readonly logins?: readonly Login[];
  readonly certificate?: CertificateFacts;
  /** Of a key in hardware: "ssh:". */
  readonly application?: string;
  /** Of known_hosts: names and patterns, hashed ones as they stand. */
  readonly hosts?: readonly string[];
  /** Of known_hosts: cert-authority or revoked. */
  readonly marker?: string;
  /** Of an encrypted private key that does not tell its fingerprint: what the .pub file beside it says, which may be another key's. */
  readonly publicfile?: PublicFile;
}

/** An account that a key opens. */
export interface Login {
  readonly account: string;
  /** True where the server takes the key, as far as files tell. */
  readonly accepted: boolean;
  /** Why not. */
  readonly refusals?: readonly string[];
  readonly notes?: readonly string[];
}

export interface CertificateFacts {
  readonly kind: 'user' | 'host';
  readonly keyid: string;
  /** Decimal; it may be too large for a JSON number. */
  readonly serial: string;
  /** The accounts or hosts it is good for; empty = any. */
  readonly principals: readonly string[];
  /** "2026-11-21T00:00:00Z", or "always" and "forever". */
  readonly validafter: string;
  readonly validbefore: string;
  /** The fingerprint of the authority that signed it. */
  readonly authority: string;
  readonly authorityalgorithm: string;
  readonly signature: string;
  /** `force-command=/bin/true`. */
  readonly criticaloptions: readonly string[];
  readonly extensions: readonly string[];
}

export interface PublicFile {
  readonly path: string;
  readonly fingerprint_md5: string;
  readonly fingerprint_sha256: string;
  readonly algorithm: string;
  readonly bits: number;
  readonly comment?: string;
}

/** A line of the server's settings that decides who may log in with a key. */
export interface ServerSetting {
  readonly file: string;
  readonly line: number;
  /** As the manual spells it. */
  readonly keyword: string;
  readonly value: string;
  /** The Match block around it: "user alice". */
  readonly match?: string;
}

export interface Elements {
  readonly keys: readonly KeyItem[] | null;
  /** Present where no path was given and the host has a server with such settings. */
  readonly server?: readonly ServerSetting[];
  /** Those that were asked for, as items have them: extra privacy leaves them in clear. */
  readonly fingerprints?: readonly string[];
}

export interface Statistics {
  /** Files looked at. */
  readonly examined: number;
  /** Files that hold at least one key. */
  readonly candidates: number;
  /** Keys before any filter but that of types: what cannot be of them is not read. */
  readonly keys: number;
  /** Files and folders that could not be read. */
  readonly unreadable: number;
  /** A duration as Go prints it: "1.885682ms". */
  readonly exectime: string;
}
