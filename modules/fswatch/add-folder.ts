import type { FolderComparison } from './compare-folders.ts';
import type { IsExcluded } from './exclusions.ts';
import type { TouchOptions } from './pending.ts';
import type { WatchedFolders } from './watched-folders.ts';

/** Takes in a folder that came into a tree: watched at once, then looked at for what was made in it before it was watched. */
export function createFolderAdder(context: {
  readonly folders: WatchedFolders;
  readonly comparison: FolderComparison;
  readonly isExcluded: IsExcluded;
  readonly touch: (path: string, options: TouchOptions) => void;
  readonly report: (error: unknown) => void;
}): (path: string) => void {
  const { folders, comparison, isExcluded, touch, report } = context;
  return (path) => {
    const above = folders.get(path.slice(0, path.lastIndexOf('/')) || '/');
    if (!above?.isRecursive || above.names !== undefined || isExcluded(path)) return;
    const known = folders.get(path);
    const answer = folders.add(path, { isRecursive: true });
    if (answer === 'gone' || (known?.watch !== undefined && folders.get(path)?.watch === known.watch)) return;
    const differs = (found: string): void => touch(found, { isNew: true });
    void comparison.compare(path, { isRecursive: true }, differs).catch(report);
  };
}
