import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach } from 'vitest';
import type { Config } from '../../../modules/fswatch/config.ts';
import { createTemporaryFolder } from '../../helpers/temporary-folder.ts';
import { type RunningWatch, startWatch } from './watch-folder.ts';

/** A folder to watch, new for each test of a file, and the watch on it, which ends with the test. */
export interface WatchedTree {
  /** Where state folder and tree stand. */
  readonly folder: () => string;
  readonly tree: () => string;
  readonly at: (name: string) => string;
  readonly write: (name: string, text: string) => void;
  /** Watches the tree with all below it unless the settings say otherwise, and waits for the baseline. */
  readonly start: (settings?: Partial<Config>, begin?: Parameters<typeof startWatch>[2]) => Promise<RunningWatch>;
  readonly stop: () => Promise<void>;
}

export function useWatchedTree(): WatchedTree {
  let folder: ReturnType<typeof createTemporaryFolder>;
  let watch: RunningWatch | undefined;
  const tree = (): string => join(folder.path, 'tree');
  const at = (name: string): string => join(tree(), name);
  const stop = async (): Promise<void> => {
    await watch?.stop();
    watch = undefined;
  };
  beforeEach(() => {
    folder = createTemporaryFolder();
    mkdirSync(tree());
  });
  afterEach(async () => {
    await stop();
    folder[Symbol.dispose]();
  });
  return {
    folder: () => folder.path,
    tree,
    at,
    write: (name, text) => writeFileSync(at(name), text),
    start: async (settings = {}, begin) => {
      watch = await startWatch(folder.path, { paths: [`recursive:${tree()}`], ...settings }, begin);
      await watch.collected();
      return watch;
    },
    stop,
  };
}

export function sum(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
