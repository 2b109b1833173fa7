/** Which programs a command line of a shell starts, as far as that can be told without running it. Each step is linear; depth and number are bounded. */

/** They run what follows them, behind options of their own. */
const wrappers = new Set([
  'env',
  'nice',
  'ionice',
  'nohup',
  'setsid',
  'exec',
  'command',
  'sudo',
  'doas',
  'timeout',
  'chronic',
  'flock',
  'time',
  'chrt',
  'taskset',
  'stdbuf',
  'runuser',
  'start-stop-daemon',
  'busybox',
  'eval',
  'then',
  'do',
  'else',
  '!',
  'if',
  'while',
  'until',
  'systemd-cat',
  'dbus-run-session',
  'dbus-launch',
  'unshare',
]);
/** They run the file that is named first behind their options. */
const interpreters =
  /^(ba|da|z|k|a|c|tc|fi)?sh$|^python[\d.]*$|^perl[\d.]*$|^ruby[\d.]*$|^php[\d.]*$|^node(js)?$|^lua[\d.]*$|^tclsh$|^java$|^source$|^\.$/;
const words = new Set([
  '',
  ':',
  '[',
  '[[',
  'test',
  'cd',
  'export',
  'echo',
  'printf',
  'true',
  'false',
  'fi',
  'done',
  'for',
  'case',
  'esac',
  '{',
  '}',
  'set',
  'umask',
  'ulimit',
  'return',
  'exit',
  'local',
  'read',
  'trap',
  'shift',
  'unset',
  'in',
  'kill',
  'wait',
  'alias',
  'function',
]);

const maxPrograms = 8;
const maxDepth = 3;
const maxCharacters = 8192;

/** Paths, or plain names to be looked up; no more than eight. */
export function programsOf(command: string): readonly string[] {
  const found = new Set<string>();
  collect(command.slice(0, maxCharacters), found, 0);
  return [...found].slice(0, maxPrograms);
}

function collect(command: string, found: Set<string>, depth: number): void {
  for (const simple of splitCommands(command)) {
    if (found.size >= maxPrograms) return;
    const at = programAt(simple);
    const program = simple[at];
    if (program === undefined || words.has(program) || !isName(program)) continue;
    const name = program.slice(program.lastIndexOf('/') + 1);
    if (program !== 'source' && program !== '.') found.add(program);
    if (interpreters.test(name)) collectScript(simple.slice(at + 1), found, depth);
  }
}

/** The script of an interpreter, or the commands behind its -c. */
function collectScript(rest: readonly string[], found: Set<string>, depth: number): void {
  const flag = rest.findIndex((word) => /^-[a-z]*c$/.test(word));
  const script = rest.findIndex((word) => !word.startsWith('-'));
  if (flag >= 0 && (script < 0 || flag < script)) {
    if (depth < maxDepth) collect(rest[flag + 1] ?? '', found, depth + 1);
    return;
  }
  const path = rest[script];
  if (path !== undefined && path.includes('/') && isName(path)) found.add(path);
}

/** Behind variables, wrappers, their options and the numbers and locks they take. */
function programAt(simple: readonly string[]): number {
  let at = 0;
  let wrapped = false;
  for (; at < simple.length; at++) {
    const word = simple[at] ?? '';
    const isWrapper = wrappers.has(word.slice(word.lastIndexOf('/') + 1));
    if (isWrapper) wrapped = true;
    else if (!/^[A-Za-z_][A-Za-z0-9_]*=/.test(word) && !(wrapped && /^(-.*|\d+[a-z]?|.*\.lock)$/.test(word))) break;
  }
  return at;
}

/** Nothing that only a shell could work out. */
function isName(word: string): boolean {
  return word.length <= 4096 && !/[$`*?<>%\0\n]/.test(word);
}

/** The simple commands of a line, each as its words, quotes taken off. */
function splitCommands(text: string): readonly (readonly string[])[] {
  const commands: string[][] = [[]];
  let word = '';
  let inWord = false;
  let quote = '';
  const endWord = (): void => {
    if (inWord) commands.at(-1)?.push(word);
    [word, inWord] = ['', false];
  };
  for (let at = 0; at < text.length; at++) {
    const character = text[at] ?? '';
    if (quote !== '') {
      if (character === quote) quote = '';
      else if (character === '\\' && quote === '"') word += text[++at] ?? '';
      else word += character;
    } else if (character === '"' || character === "'") {
      [quote, inWord] = [character, true];
    } else if (character === '\\') {
      [word, inWord] = [word + (text[++at] ?? ''), true];
    } else if (/\s/.test(character) && character !== '\n') {
      endWord();
    } else if (/[;&|()\n]/.test(character)) {
      endWord();
      commands.push([]);
    } else if (character === '#' && !inWord) {
      while (at + 1 < text.length && text[at + 1] !== '\n') at++;
    } else {
      [word, inWord] = [word + character, true];
    }
  }
  endWord();
  return commands.filter((simple) => simple.length > 0);
}
