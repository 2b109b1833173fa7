/** A command line as a person would have typed it, short where its name says it already. */
import type { ProcessElement } from './elements.ts';

/** Where the system's own programs lie: from there they are what their name says; from anywhere else the path is of interest. */
const ownFolder = /^(\/usr)?\/(local\/)?(s?bin|lib|lib64|lib32|libexec)\//;
const plainWord = /^[\w@%+=:,./^~-]+$/;

/** "sshd"; of a program of the system that is another file than its name says "sh=dash". */
export function formatName({ name, executable }: ProcessElement): string {
  const path = executable?.value ?? '';
  return ownFolder.test(path) && !isCalled(lastPart(path), name) ? `${name}=${lastPart(path)}` : name;
}

/** Behind the name: its executable where that is none of the system, what it calls itself where that is something else, and its arguments. */
export function formatCommand({ name, executable, arguments: args }: ProcessElement): string {
  const path = executable?.value;
  const [first, ...words] = withoutRest(args?.values ?? []);
  const isOwn = path === undefined || ownFolder.test(path);
  const saysName = first === undefined || first === path || lastPart(first) === name;
  const parts = [
    ...(isOwn ? [] : [quoteWord(path)]),
    ...(saysName ? [] : [quoteFirst(first)]),
    ...words.map(quoteWord),
    ...(args?.isCut ? ['...'] : []),
  ];
  return parts.join(' ');
}

/** "x86_64-linux-gnu-gcc-12" is called gcc, "python3.11" python3. */
function isCalled(file: string, name: string): boolean {
  return file === name || file.startsWith(name) || file.split(/[-.]/).includes(name);
}

/** All of it: what a line of a table has. */
export function formatWholeCommand({ executable, arguments: args }: ProcessElement): string {
  const words = withoutRest(args?.values ?? []).map(quoteWord);
  return words.length > 0 ? `${words.join(' ')}${args?.isCut ? ' ...' : ''}` : (executable?.value ?? '');
}

/** Who writes a sentence over its arguments leaves what is behind it empty: that was none of them. */
function withoutRest(words: readonly string[]): readonly string[] {
  if (words[0]?.includes(' ') !== true) return words;
  return words.slice(0, words.findLastIndex((word) => word !== '') + 1);
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
