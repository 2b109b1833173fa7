import { readdirSync } from 'node:fs';
import { posix } from 'node:path';
import { messageOf } from '../../base/app-error.ts';
import { matchesGlob } from '../accounts/matches-glob.ts';
import { isGone } from '../errno.ts';
import { parseSshdConfig, type MatchCriterion, type SshdSetting } from './parse-sshd-config.ts';
import { readTextFile } from './read-text-file.ts';

/** As sshd: Include within Include ends there. */
const maxDepth = 16;
const maxFiles = 256;

/** Where files are read: this host, or a tree below another root. */
export interface ConfigFiles {
  /** Undefined for what is not there, and for what the tree has told itself. Throws the system's error. */
  readonly readText: (path: string) => string | undefined;
  /** The names in a folder, in any order; empty for what is none. */
  readonly list: (folder: string) => readonly string[];
}

const systemFiles: ConfigFiles = {
  readText: readTextFile,
  list: (folder) => {
    try {
      return readdirSync(folder);
    } catch {
      return []; // a folder that is missing holds no file that an Include could match, as for sshd
    }
  },
};

/**
 * The settings of the server in this folder ("/etc/ssh"), files that Include names among them. Empty where there is no server. What could not be read
 * is told by `failed`.
 */
export function readSshdConfig(
  folder: string,
  failed: (problem: string) => void,
  source = systemFiles,
): readonly SshdSetting[] {
  let files = 0;
  const read = (file: string, match: readonly MatchCriterion[] | undefined, depth: number): readonly SshdSetting[] => {
    if (depth > maxDepth || files++ >= maxFiles) {
      failed(`${file}: not read, since Include goes deeper than ${maxDepth} files or names more than ${maxFiles}`);
      return [];
    }
    try {
      return parseSshdConfig(source.readText(file) ?? '', {
        file,
        match,
        include: (patterns, inner) =>
          patterns.flatMap((pattern) =>
            expand(posix.resolve(folder, pattern), source).flatMap((path) => read(path, inner, depth + 1)),
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
function expand(pattern: string, source: ConfigFiles): readonly string[] {
  let paths = ['/'];
  for (const part of pattern.split('/').filter((part) => part !== '')) {
    paths = paths
      .flatMap((path) =>
        (/[*?]/.test(part) ? listMatching(path, part, source) : [part]).map((name) => posix.join(path, name)),
      )
      .slice(0, maxFiles);
  }
  return paths;
}

function listMatching(folder: string, pattern: string, { list }: ConfigFiles): readonly string[] {
  const isHiddenMeant = pattern.startsWith('.');
  return list(folder)
    .filter((name) => matchesGlob(name, pattern) && (isHiddenMeant || !name.startsWith('.')))
    .toSorted();
}
