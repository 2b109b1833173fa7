import { readdirSync } from 'node:fs';
import { posix } from 'node:path';
import { messageOf } from '../../base/app-error.ts';
import { isGone } from '../errno.ts';
import { matchPattern } from './match-pattern.ts';
import { parseSshdConfig, type MatchCriterion, type SshdSetting } from './parse-sshd-config.ts';
import { readTextFile } from './read-text-file.ts';

/** As sshd: Include within Include ends there. */
const maxDepth = 16;
const maxFiles = 256;

/**
 * The settings of the server in this folder ("/etc/ssh"), files that Include names among them. Empty where there is no server. What could not be read
 * is told by `failed`.
 */
export function readSshdConfig(folder: string, failed: (problem: string) => void): readonly SshdSetting[] {
  let files = 0;
  const read = (file: string, match: readonly MatchCriterion[] | undefined, depth: number): readonly SshdSetting[] => {
    if (depth > maxDepth || files++ >= maxFiles) {
      failed(`${file}: not read, since Include goes deeper than ${maxDepth} files or names more than ${maxFiles}`);
      return [];
    }
    try {
      return parseSshdConfig(readTextFile(file), {
        file,
        match,
        include: (patterns, inner) =>
          patterns.flatMap((pattern) =>
            expand(posix.resolve(folder, pattern)).flatMap((path) => read(path, inner, depth + 1)),
          ),
      });
    } catch (error) {
      if (!(depth === 0 && isGone(error))) failed(`${file}: ${messageOf(error)}`);
      return [];
    }
  };
  return read(posix.join(folder, 'sshd_config'), undefined, 0);
}

/** The files a pattern of glob(7) stands for, in order; only `*` and `?` are special, in any part of the path. */
function expand(pattern: string): readonly string[] {
  let paths = ['/'];
  for (const part of pattern.split('/').filter((part) => part !== '')) {
    paths = paths
      .flatMap((path) => (/[*?]/.test(part) ? listMatching(path, part) : [part]).map((name) => posix.join(path, name)))
      .slice(0, maxFiles);
  }
  return paths;
}

function listMatching(folder: string, pattern: string): readonly string[] {
  try {
    const isHiddenMeant = pattern.startsWith('.');
    return readdirSync(folder)
      .filter((name) => matchPattern(name, pattern) && (isHiddenMeant || !name.startsWith('.')))
      .sort();
  } catch {
    return []; // a folder that is missing holds no file that matches, as for sshd
  }
}
