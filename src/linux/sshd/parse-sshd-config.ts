/** The text of sshd_config, sshd_config(5), as far as it can be understood without a connection. */

/** One line with its place. */
export interface SshdSetting {
  /** In lower case: "authorizedkeysfile". */
  readonly keyword: string;
  readonly values: readonly string[];
  readonly file: string;
  readonly line: number;
  /** The criteria of the Match block around it, all of which must hold; undefined where it holds for everybody. */
  readonly match: readonly MatchCriterion[] | undefined;
}

export interface MatchCriterion {
  /** In lower case: "user", "group", "address", "all". */
  readonly name: string;
  /** Comma-separated patterns; empty for "all". */
  readonly patterns: string;
}

const maxLineLength = 16 * 1024;
const maxSettings = 20_000;

/**
 * The settings of a text in order; `include` gives those of the files that an Include line names. Lines that are not understood are left out.
 * `match` is the block that the text is included from.
 */
export function parseSshdConfig(
  text: string,
  options: {
    readonly file: string;
    readonly match?: readonly MatchCriterion[] | undefined;
    readonly include: (
      patterns: readonly string[],
      match: readonly MatchCriterion[] | undefined,
    ) => readonly SshdSetting[];
  },
): readonly SshdSetting[] {
  const settings: SshdSetting[] = [];
  let match = options.match;
  const lines = text.split('\n');
  for (const [at, line] of lines.entries()) {
    if (line.length > maxLineLength || settings.length >= maxSettings) continue;
    const [first, ...values] = splitWords(line);
    if (first === undefined || first.startsWith('#')) continue;
    const keyword = first.toLowerCase();
    if (keyword === 'match') match = [...(options.match ?? []), ...parseCriteria(values)];
    else if (keyword === 'include') settings.push(...options.include(values, match));
    else settings.push({ keyword, values, file: options.file, line: at + 1, match });
  }
  return settings;
}

/** Words between blanks, "quoted words" whole; one "=" may stand behind the first. A word that begins with # ends the line. */
function splitWords(line: string): readonly string[] {
  const words: string[] = [];
  const word = /[ \t\r]*(?:"([^"]*)"|([^ \t\r"]+))/y;
  for (let found = word.exec(line); found; found = word.exec(line)) {
    const [, quoted, plain = ''] = found;
    if (quoted === undefined && plain.startsWith('#')) break;
    words.push(quoted ?? plain);
  }
  return splitEquals(words);
}

function splitEquals([first, ...rest]: readonly string[]): readonly string[] {
  if (first === undefined) return [];
  if (rest[0] === '=') return [first, ...rest.slice(1)];
  if (rest[0]?.startsWith('=')) return [first, rest[0].slice(1), ...rest.slice(1)];
  const at = first.indexOf('=');
  if (at <= 0) return [first, ...rest];
  const value = first.slice(at + 1);
  return [first.slice(0, at), ...(value === '' ? [] : [value]), ...rest];
}

/** "User alice,bob Group=wheel all" as criteria. */
function parseCriteria(words: readonly string[]): readonly MatchCriterion[] {
  const criteria: MatchCriterion[] = [];
  for (let at = 0; at < words.length; at++) {
    const [name = '', inline] = (words[at] ?? '').split(/=(.*)/s);
    const isFlag = /^(all|canonical|final|invalid-user)$/i.test(name);
    const patterns = isFlag ? '' : (inline ?? words[++at] ?? '');
    criteria.push({ name: name.toLowerCase(), patterns });
  }
  return criteria;
}
