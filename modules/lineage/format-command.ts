/** A command line as a person would have typed it, short where its name says it already. */
import type { ProcessElement } from './elements.ts';

/** Programs from there are what their name says; from anywhere else the path is of interest. */
const usualFolder = /^(\/usr(\/local)?)?\/s?bin\/[^/]+$/;
const plainWord = /^[\w@%+=:,./^~-]+$/;

/** Behind the name: its arguments, and its executable where that is no usual one, or is called otherwise than it says itself. */
export function formatCommand({ name, executable, arguments: args }: ProcessElement): string {
  const path = executable?.value;
  const words = args?.values ?? [];
  const first = words[0];
  const isUsual = path === undefined || (usualFolder.test(path) && lastPart(path) === name);
  const saysName = first === undefined || lastPart(first) === name;
  const parts = [
    ...(isUsual ? [] : [quoteWord(path)]),
    ...(saysName || (first === path && !isUsual) ? [] : [quoteFirst(first)]),
    ...words.slice(1).map(quoteWord),
    ...(args?.isCut ? ['...'] : []),
  ];
  return parts.join(' ');
}

/** All of it: what a line of a table has. */
export function formatWholeCommand({ executable, arguments: args }: ProcessElement): string {
  const words = args?.values.map(quoteWord) ?? [];
  return words.length > 0 ? `${words.join(' ')}${args?.isCut ? ' ...' : ''}` : (executable?.value ?? '');
}

/** As a shell would need it, so that arguments with blanks cannot be taken for several. What is hidden in it is made visible by the screen. */
export function quoteWord(word: string): string {
  return plainWord.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

/** Many programs write a sentence over their arguments: "sshd: ann [priv]". */
function quoteFirst(word: string): string {
  return /^[\w@%+=:,./^~ [\]()-]+$/.test(word) ? word : quoteWord(word);
}

function lastPart(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
