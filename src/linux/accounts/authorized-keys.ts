import type { HostFiles } from '../host/host-files.ts';

/** Files of keys that let an account in, as sshd_config names them: patterns with %h (home), %u (name), %U (uid), %%. */
export type KeyFilePatterns = readonly string[];

const defaultPatterns: KeyFilePatterns = ['.ssh/authorized_keys', '.ssh/authorized_keys2'];

/** The patterns of the first AuthorizedKeysFile outside a Match block, in sshd's order: sshd_config.d first, as distributions include it. */
export function readKeyFilePatterns(files: HostFiles): KeyFilePatterns {
  const snippets = files.list('/etc/ssh/sshd_config.d').filter((name) => name.endsWith('.conf'));
  for (const file of [...snippets.map((name) => `/etc/ssh/sshd_config.d/${name}`), '/etc/ssh/sshd_config']) {
    const patterns = parseKeyFilePatterns(files.readText(file) ?? '');
    if (patterns) return patterns;
  }
  return defaultPatterns;
}

export function parseKeyFilePatterns(config: string): KeyFilePatterns | undefined {
  for (const line of config.split('\n')) {
    const [word = '', ...values] = line
      .trim()
      .split(/[\s=]+/)
      .slice(0, 32);
    if (/^match$/i.test(word)) return undefined;
    if (/^authorizedkeysfile$/i.test(word) && values.length > 0) {
      return values[0]?.toLowerCase() === 'none' ? [] : values.map((value) => value.replaceAll('"', ''));
    }
  }
  return undefined;
}

/** Where the keys of an account are. */
export function keyFilesOf(
  patterns: KeyFilePatterns,
  account: { readonly name: string; readonly uid: number; readonly home: string },
): readonly string[] {
  const { name, uid, home } = account;
  const words: Readonly<Record<string, string>> = { '%h': home, '%u': name, '%U': String(uid), '%%': '%' };
  return patterns.map((pattern) => {
    const path = pattern.replace(/%[huU%]/g, (token) => words[token] ?? token);
    return path.startsWith('/') ? path : `${home === '/' ? '' : home}/${path}`;
  });
}

/** A line of a file of keys: authorized_keys in sshd(8). The key itself is not kept. */
export interface KeyLine {
  /** As they are written: 'command="/bin/x",no-pty'; '' for none. */
  readonly options: string;
  readonly type: string;
  readonly comment: string;
  /** From 1. */
  readonly line: number;
}

const keyType = /^(ssh-|ecdsa-|sk-|rsa-|webauthn-)[a-z0-9@.-]+$/;
const maxKeys = 10_000;

/** Lines that hold a key; comments and anything else are left out. */
export function parseKeyLines(text: string): readonly KeyLine[] {
  const keys: KeyLine[] = [];
  for (const [index, raw] of text.split('\n').entries()) {
    const content = raw.trim();
    if (content === '' || content.startsWith('#') || keys.length >= maxKeys) continue;
    const end = keyType.test(firstWord(content)) ? 0 : optionsEnd(content);
    const [type = '', key = '', ...comment] = content
      .slice(end)
      .trim()
      .split(/[ \t]+/);
    if (!keyType.test(type) || key === '') continue;
    keys.push({ options: content.slice(0, end).trim(), type, comment: comment.join(' '), line: index + 1 });
  }
  return keys;
}

function firstWord(text: string): string {
  return text.slice(0, 64).split(/[ \t]/)[0] ?? '';
}

/** Options end at the first blank outside quotes. */
function optionsEnd(text: string): number {
  let quoted = false;
  for (let at = 0; at < text.length; at++) {
    const character = text[at];
    if (character === '\\' && text[at + 1] === '"') at++;
    else if (character === '"') quoted = !quoted;
    else if (!quoted && (character === ' ' || character === '\t')) return at;
  }
  return text.length;
}
