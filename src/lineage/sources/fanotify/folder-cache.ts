/** What is known of a directory: where it lies, and whether anything in it can be wanted. Undefined path: nowhere that is looked at. */
export interface KnownFolder {
  readonly path: string | undefined;
  readonly isOfUse: boolean;
}

/** Directories by their handle, those that were not asked for longest forgotten first. */
export interface FolderCache {
  readonly get: (key: string) => KnownFolder | undefined;
  readonly set: (key: string, folder: KnownFolder) => void;
  /** It was deleted: where it lay last stays true, for those who still have a file open that lay in it. */
  readonly bury: (key: string, folder: KnownFolder) => void;
  /** All but those that were deleted. */
  readonly clear: () => void;
  readonly size: () => number;
}

export function createFolderCache(limit: number): FolderCache {
  const living = createGenerations(limit);
  const buried = createGenerations(limit);
  return {
    get: (key) => living.get(key) ?? buried.get(key),
    set: living.set,
    bury: buried.set,
    clear: () => living.clear(),
    size: () => living.size() + buried.size(),
  };
}

/** Two generations: as good as an order of use, without moving an entry at each look. */
function createGenerations(limit: number) {
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
    get: (key: string): KnownFolder | undefined => {
      const known = young.get(key);
      if (known) return known;
      const earlier = old.get(key);
      if (earlier) set(key, earlier);
      return earlier;
    },
    set,
    clear: (): void => {
      young = new Map();
      old = new Map();
    },
    size: (): number => young.size + old.size,
  };
}
