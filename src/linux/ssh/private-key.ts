import type { PublicKey } from './parse-public-key.ts';

/** How the file is made: as ssh-keygen does today, as OpenSSL and older ones do, PKCS#8, or as PuTTY does. */
export type PrivateKeyFormat = 'openssh' | 'pem' | 'pkcs8' | 'putty';

/** A private key without its secret. */
export interface PrivateKey {
  readonly format: PrivateKeyFormat;
  /** Undefined where it is encrypted along with the secret. */
  readonly publicKey: PublicKey | undefined;
  /** As far as the format tells it of an encrypted key: "ssh-rsa". */
  readonly algorithm: string | undefined;
  readonly encryption: Encryption | undefined;
  /** Raw, one character a byte; empty where there is none or it is encrypted. */
  readonly comment: string;
}

/** How a key is encrypted; words come from the file, one character a byte. */
export interface Encryption {
  /** "aes256-ctr", "AES-128-CBC". */
  readonly cipher: string;
  /** How the password becomes a key: "bcrypt, 16 rounds", "PBKDF2, 2048 rounds", "MD5, 1 round". */
  readonly kdf: string;
}
