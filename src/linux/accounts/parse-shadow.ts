import { parseColonLines, type Parsed } from './parse-passwd.ts';

/** What a password field says of logging in with a password: never the hash itself. Source: crypt(5), shadow(5). */
export interface PasswordFact {
  /** "locked": no password fits; "empty": none is asked for; "hashed": one is set. */
  readonly state: 'locked' | 'empty' | 'hashed';
  /** The name of the hash, also behind a lock that `passwd -l` put before it; undefined where there is no hash. */
  readonly algorithm?: string;
}

/** A line of shadow(5). Days count from 1970-01-01; a field that is not set is absent. */
export interface ShadowEntry {
  readonly name: string;
  readonly password: PasswordFact;
  /** 0: must be changed at the next login. */
  readonly changedDay?: number;
  readonly minDays?: number;
  readonly maxDays?: number;
  readonly warnDays?: number;
  readonly inactiveDays?: number;
  readonly expireDay?: number;
}

const algorithms: readonly (readonly [prefix: RegExp, name: string])[] = [
  [/^\$y\$/, 'yescrypt'],
  [/^\$gy\$/, 'gost-yescrypt'],
  [/^\$7\$/, 'scrypt'],
  [/^\$2[abxy]?\$/, 'bcrypt'],
  [/^\$6\$/, 'sha512crypt'],
  [/^\$5\$/, 'sha256crypt'],
  [/^\$sha1\$/, 'sha1crypt'],
  [/^\$md5[$,]/, 'sunmd5'],
  [/^\$1\$/, 'md5crypt'],
  [/^\$3\$/, 'nthash'],
  [/^\$argon2(id|i|d)\$/, 'argon2'],
  [/^_[./0-9A-Za-z]{19}$/, 'bsdicrypt'],
  [/^[./0-9A-Za-z]{13}$/, 'descrypt'],
];

/** Hashes that can be tried out so fast that a stolen file is as good as the passwords. */
export const weakAlgorithms: ReadonlySet<string> = new Set([
  'md5crypt',
  'nthash',
  'bsdicrypt',
  'descrypt',
  'sunmd5',
  'sha1crypt',
]);

export function parsePassword(field: string): PasswordFact {
  if (field === '') return { state: 'empty' };
  const algorithm = algorithmOf(field.replace(/^!{1,2}/, ''));
  const isLocked = /^[!*]/.test(field) || algorithm === undefined;
  return { state: isLocked ? 'locked' : 'hashed', ...(algorithm === undefined ? {} : { algorithm }) };
}

function algorithmOf(hash: string): string | undefined {
  const known = algorithms.find(([prefix]) => prefix.test(hash))?.[1];
  return known ?? (/^\$[^$]+\$./.test(hash) ? 'unknown' : undefined);
}

export function parseShadow(text: string): Parsed<ShadowEntry> {
  return parseColonLines(text, (fields) => {
    const [name = '', password = '', changed, min, max, warn, inactive, expire] = fields;
    if (fields.length < 2 || name === '') return undefined;
    const days = {
      changedDay: dayCount(changed),
      minDays: dayCount(min),
      maxDays: dayCount(max),
      warnDays: dayCount(warn),
      inactiveDays: dayCount(inactive),
      expireDay: dayCount(expire),
    };
    const given = Object.fromEntries(Object.entries(days).filter(([, value]) => value !== undefined));
    return { name, password: parsePassword(password), ...given };
  });
}

/** Undefined for an empty field, and for -1, which means the same. */
function dayCount(field: string | undefined): number | undefined {
  return field !== undefined && /^\d{1,8}$/.test(field) ? Number(field) : undefined;
}
