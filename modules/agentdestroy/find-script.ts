import { lstatSync, realpathSync, readlinkSync } from 'node:fs';
import { basename, isAbsolute, join } from 'node:path';

/** The launcher of gumshoe's agent, the script of its Node. */
export const launcherName = 'gumshoe-agent';

/** Flags of Node that take their value from the next word: which word is the script is then not told, and not guessed. */
const flagsWithValue = new Set([
  '-r',
  '--require',
  '--import',
  '--loader',
  '--experimental-loader',
  '-C',
  '--conditions',
  '-e',
  '--eval',
  '-p',
  '--print',
  '--env-file',
  '--title',
  '--input-type',
]);

export interface Script {
  /** The regular file it really is, links resolved. */
  readonly path: string;
  /** The words behind it. */
  readonly words: readonly string[];
}

/** The script that a process of Node runs; undefined where it runs none, or cannot be told. `folder` is its folder in /proc. */
export function findScript(words: readonly string[], folder: string): Script | undefined {
  const at = words.findIndex((word, index) => index > 0 && !word.startsWith('-'));
  const script = words[at];
  if (script === undefined || words.slice(1, at).some((flag) => flagsWithValue.has(flag))) return undefined;
  try {
    const path = realpathSync(isAbsolute(script) ? script : join(readlinkSync(join(folder, 'cwd')), script));
    return lstatSync(path).isFile() ? { path, words: words.slice(at + 1) } : undefined;
  } catch {
    return undefined; // removed meanwhile, or never a file: nothing that could be told of it
  }
}

/** True for an executable named as Node's are: "node", "node26", "nodejs". */
export function isNode(executable: string): boolean {
  return /^node(js)?[\d.]*$/.test(basename(executable));
}
