/** What is known of a directory: where it lies, and whether anything in it can be wanted. Undefined path: nowhere that is looked at. */
export interface KnownFolder {
  readonly path: string | undefined;
  readonly isOfUse: boolean;
}

/** Directories by their handle, those that were not asked for longest forgotten first. */
export interface FolderCache {
  readonly get: (key: string) => KnownFolder | undefined;
  readonly set: (key: string, folder: KnownFolder) => void;
  readonly clear: () => void;
  readonly size: () => number;
}

export function createFolderCache(limit: number): FolderCache {
  // Two generations: as good as an order of use, without moving an entry at each look.
  let young = new Map<string, KnownFolder>();
  let old = new Map<string, KnownFolder>();
  const set = (key: string, folder: KnownFolder): void => {
    if (young.size >= limit / 2) {
      old = young;
      young = new Map();
    }
    young.set(key, folder);
  };
  return {
    get: (key) => {
      const known = young.get(key);
      if (known) return known;
      const earlier = old.get(key);
      if (earlier) set(key, earlier);
      return earlier;
    },
    set,
    clear: () => {
      young = new Map();
      old = new Map();
    },
    size: () => young.size + old.size,
  };
}
