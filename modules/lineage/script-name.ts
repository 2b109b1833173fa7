/** What people call a process that an interpreter runs for: of "node /usr/bin/npm install" npm. Shells that are started by a script itself are called by that already. */
import type { ProcessNode } from '../../src/lineage/process-node.ts';
import { baseName, toText } from './texts.ts';

/** By these names the store finds them. */
export const interpreters = ['node', 'nodejs', 'python', 'python2', 'python3', 'perl', 'ruby', 'php'] as const;

const interpreter = /^(node(js)?|python[\d.]*|perl[\d.]*|ruby[\d.]*|php[\d.]*)$/;
/** Behind these stands a program instead of a script. */
const hasNoScript = /^(-\w*e|-[cp]|--eval|--print)$/;
/** Behind these stands a value of theirs. */
const takesValue = /^(-r|--require|--import|--loader|--experimental-loader|-C|-I|-W|-X)$/;

/** The names a process may be asked for by: its own, the last part of its executable, and that of the script it runs. */
export function namesOf(process: Pick<ProcessNode, 'comm' | 'executable' | 'args'>): readonly string[] {
  const { comm, executable } = process;
  const names = [comm, executable && baseName(executable.value), scriptOf(process)];
  return [...new Set(names)].filter((name) => name !== undefined && name !== '').map((name) => toText(name ?? ''));
}

/** Latin1, as in the lineage. Undefined where it runs none, or it cannot be told. */
function scriptOf({ executable, args }: Pick<ProcessNode, 'executable' | 'args'>): string | undefined {
  if (!executable || !interpreter.test(baseName(executable.value))) return undefined;
  const [first = '', ...words] = args?.value ?? [];
  // Some write one sentence over all of their arguments: "npm install".
  if (words.length === 0 && first.includes(' ')) return named(first.slice(0, first.indexOf(' ')));
  for (let at = 0; at < words.length; at++) {
    const word = words[at] ?? '';
    // A module of Python's.
    if (word === '-m') return named(words[at + 1]);
    if (hasNoScript.test(word)) return undefined;
    if (takesValue.test(word)) at++;
    else if (!word.startsWith('-')) return named(word);
  }
  return undefined;
}

function named(path: string | undefined): string | undefined {
  const name = baseName(path ?? '');
  return name === '' ? undefined : name;
}
