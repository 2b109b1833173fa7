import { statSync } from 'node:fs';
import { formatGoTime } from '../base/go-format.ts';
import type { FileNumbers } from '../native/file-calls.ts';
import { formatGoMode } from '../search/walk/go-mode.ts';
import { encodePath } from '../search/walk/path-text.ts';
import type { FileInfo } from './file-info.ts';
import { describeFailure, type Problems } from './problems.ts';

/** A file whose conditions are looked at. What is known about it is asked for only when it is needed, and once. */
export interface Candidate {
  readonly path: string;
  /** Without directory; bytes where it is not UTF-8. */
  readonly name: string | Uint8Array;
  /** Only regular files have a content that may be read. */
  readonly isRegular: boolean;
  /** Of what a link points to. Undefined once the file has vanished: that was told then. */
  readonly stats: () => FileNumbers | undefined;
  /** What a result says about the file, as of now. */
  readonly info: () => FileInfo | undefined;
  /** Tells a problem of this file, the first one only. */
  readonly fail: (text: string) => void;
}

export function createCandidate(options: {
  readonly path: string;
  readonly name: string;
  readonly isRegular: boolean;
  readonly stats?: FileNumbers | undefined;
  readonly problems: Problems;
}): Candidate {
  const { path, name, isRegular, problems } = options;
  let { stats } = options;
  let isFailed = false;
  const fail = (text: string): void => {
    if (!isFailed) problems.addFailure(text);
    isFailed = true;
  };
  const ask = <Answer>(question: () => Answer): Answer | undefined => {
    try {
      return question();
    } catch (error) {
      fail(describeFailure('lstat', path, error));
      return undefined;
    }
  };
  return {
    path,
    name: encodePath(name),
    isRegular,
    stats: () => (stats ??= isFailed ? undefined : ask(() => statSync(encodePath(path)))),
    info: () => ask(() => readFileInfo(path)),
    fail,
  };
}

function readFileInfo(path: string): FileInfo {
  const stats = statSync(encodePath(path), { bigint: true });
  return {
    size: Number(stats.size),
    mode: formatGoMode(Number(stats.mode)),
    lastmodified: formatGoTime(stats.mtimeNs),
  };
}
