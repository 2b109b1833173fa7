import { isSameObject } from './object-state.ts';
import type { Seen } from './seen.ts';

export interface Rename {
  readonly from: string;
  readonly to: Seen;
}

/**
 * Which objects stand somewhere else now: by the two halves of a rename that the system told of, or because what is gone here and what is new there are the same
 * inode, born at the same time. Nothing stands where it stood, or it counts as changed there. Folders come first, the upper ones before those in them.
 */
export function findRenames(
  seen: ReadonlyMap<string, Seen>,
  look: (path: string) => Seen | undefined,
): readonly Rename[] {
  const gone = new Map<string, Seen[]>();
  for (const one of seen.values()) {
    if (one.before && !one.now) gone.set(keyOf(one.before), [...(gone.get(keyOf(one.before)) ?? []), one]);
  }
  const left = new Set<string>();
  const renames: Rename[] = [];
  for (const to of seen.values()) {
    const { now, before, object } = to;
    if (!now || (before && before.inode === now.inode)) continue;
    const told = object.origin === undefined ? undefined : (seen.get(object.origin) ?? look(object.origin));
    const same = [told, ...(gone.get(keyOf(now)) ?? [])].find(
      (one) =>
        one?.before &&
        !one.now &&
        !left.has(one.object.path) &&
        one.before.type === now.type &&
        (one === told || isSameObject(one.before, now)),
    );
    if (!same) continue;
    left.add(same.object.path);
    renames.push({ from: same.object.path, to });
  }
  const rank = ({ to }: Rename): number =>
    to.now?.type === 'folder' ? to.object.path.length : Number.POSITIVE_INFINITY;
  return renames.toSorted((one, other) => (rank(one) < rank(other) ? -1 : 1));
}

const keyOf = ({ inode, type }: { readonly inode: bigint; readonly type: string }): string => `${type} ${inode}`;
