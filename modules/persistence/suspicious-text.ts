import { compileRegex } from '../../src/search/regex/compile-regex.ts';

const shell = '(sudo +)?(/[a-z/]*/)?(ba|da|z|k)?sh\\b';

/** What of a command line or a script deserves a second look. Linear expressions: the text is an attacker's to choose. */
const signs: readonly (readonly [pattern: string, meaning: string])[] = [
  [`\\b(curl|wget)\\b[^;&\\n]*\\| *${shell}`, 'runs what it downloads'],
  [`(${shell} +(-c +)?|eval +|source +)["']?[$<]?\\(?[$<]?\\(? *(curl|wget)\\b`, 'runs what it downloads'],
  ['\\bbase64 +(-[a-zA-Z]*[dD]|--decode)', 'decodes base64'],
  ['\\b(b64decode|decode_base64|base64_decode)\\b', 'decodes base64'],
  ['/dev/(tcp|udp)/', 'opens a connection from a shell'],
  [`\\bn(c|cat|etcat)(\\.[a-z]+)? [^|;&\\n]*-[a-z]*[ec]\\b`, 'gives a program to a connection'],
  ['\\bsocat\\b[^;&\\n]*\\b(exec|system):', 'gives a program to a connection'],
  ['\\b(ba|da|z|k)?sh +-i\\b[^;\\n]*[<>]&', 'connects a shell to something else'],
  [
    '\\b(python[0-9.]*|perl|ruby|php|lua) +-[a-zA-Z]*[cer]\\b[^\\n]*(socket|exec|eval|system|spawn|fork)',
    'runs a program from its command line',
  ],
  ['(^|[\\s"\'=:;|&(<>])/(tmp|var/tmp|dev/shm)/[^\\s"\';|&)]', 'names a file in a folder for temporary files'],
  ['\\bLD_(PRELOAD|AUDIT) *=', 'loads a library into what it starts'],
  ['\\b(unset +HISTFILE|HISTFILE=(/dev/null|[\\s"\']|$)|history +-c|HISTSIZE=0)', 'hides the history of the shell'],
  ['\\balias +(sudo|su|ssh|passwd|login)=', 'replaces a command that asks for passwords'],
  ['\\b(sudo|su|ssh|passwd) *\\( *\\)', 'replaces a command that asks for passwords'],
  ['\\bchmod +([ugoa]*\\+[rwx]*s|[2467][0-7]{3})\\b', 'makes a program setuid'],
];

/** Long runs, which would make the automata of the others large. Both look at a place of the text a bounded number of times. */
const runs: readonly (readonly [pattern: RegExp, meaning: string])[] = [
  [/(?:\\x[0-9a-f]{2}){16}/, 'has a long run of escaped bytes'],
  [/(?<![A-Za-z0-9+/])[A-Za-z0-9+/]{200}/, 'has a long run of encoded text'],
];

const maxCharacters = 64 * 1024;

/** Paths whose place is unusual for a program. */
const hiddenPath = '/\\.[^/.][^/]*';

export interface SuspiciousText {
  /** What a command line does that is unusual. */
  readonly inCommand: (command: string) => readonly string[];
  /** The same for a script, with the first line of each. */
  readonly inScript: (text: string) => readonly string[];
  /** What is unusual about the place of a program. */
  readonly inPath: (path: string) => readonly string[];
}

export function createSuspiciousText(): SuspiciousText {
  const compiled = signs.map(([pattern, meaning]) => ({ regex: compileRegex(pattern), meaning }));
  const any = compileRegex(signs.map(([pattern]) => `(${pattern})`).join('|'));
  const hidden = compileRegex(hiddenPath);
  const isUnusual = (text: string): boolean => any.test(text) || runs.some(([pattern]) => pattern.test(text));
  const inCommand = (command: string): readonly string[] => {
    if (command.length > maxCharacters) {
      return ['is longer than a command should be', ...inCommand(command.slice(0, maxCharacters))];
    }
    if (!isUnusual(command)) return [];
    const found = compiled.filter(({ regex }) => regex.test(command)).map(({ meaning }) => meaning);
    return [...new Set([...found, ...runs.flatMap(([pattern, meaning]) => (pattern.test(command) ? [meaning] : []))])];
  };
  return {
    inCommand,
    inScript: (text) => {
      const found = new Map<string, number>();
      if (isUnusual(text)) {
        for (const [index, line] of text.split('\n').entries()) {
          if (/^\s*#/.test(line)) continue;
          for (const meaning of inCommand(line)) if (!found.has(meaning)) found.set(meaning, index + 1);
        }
      }
      return [...found].map(([meaning, line]) => `line ${line} ${meaning}`);
    },
    inPath: (path) => [
      ...(/^\/(tmp|var\/tmp|dev\/shm)\//.test(path) ? ['is in a folder for temporary files'] : []),
      ...(hidden.test(path.replace(/\/\.(config|local|cache|nvm|cargo|rustup|npm|pyenv|rbenv|sdkman|ssh)\//g, '/'))
        ? ['is hidden']
        : []),
    ],
  };
}
