/** The words of a command line in one text, MIG's `filesearch`. No shell: nothing is expanded and a backslash is a character like others. */

/** Longer lines than any that was ever typed. */
const maxLength = 65_536;

/**
 * A quote, single or double, opens at the beginning of a word, behind the = of a flag, and right behind a quote that has closed; all up to the next quote of its kind
 * is taken as it is. Anywhere else a quote is a character. Returns what is wrong where a quote stays open.
 */
export function splitCommandLine(line: string): readonly string[] | { readonly problem: string } {
  if (line.length > maxLength) return { problem: `expected at most ${maxLength} characters, got ${line.length}` };
  const words: string[] = [];
  let word: string | undefined;
  let mayOpen = true;
  for (let at = 0; at < line.length; at++) {
    const character = line[at] ?? '';
    if (/\s/.test(character)) {
      if (word !== undefined) words.push(word);
      word = undefined;
      mayOpen = true;
    } else if (mayOpen && (character === "'" || character === '"')) {
      const end = line.indexOf(character, at + 1);
      if (end < 0) return { problem: `the quote ${character} at character ${at + 1} is not closed` };
      word = (word ?? '') + line.slice(at + 1, end);
      at = end;
    } else {
      word = (word ?? '') + character;
      mayOpen = character === '=' && /^--?[A-Za-z][A-Za-z0-9-]*=$/.test(word);
    }
  }
  return word === undefined ? words : [...words, word];
}
