/**
 * Who wrote what: a file is told as written when it is closed by one who had it open for writing, once for each process that changed it since it was told last.
 * So an open for writing without a write is not told, and what a child wrote through a descriptor of its parent is the child's. Who keeps a file open is told
 * after `longestNs`, and then when it is closed. Pure.
 */
export interface Writing {
  readonly pid: number;
  readonly startTicks: number | undefined;
  readonly path: string;
  readonly fromNs: number;
  readonly toNs: number;
}

export interface ModifiedFiles {
  /** Gives back what is told early for want of room. */
  readonly modify: (object: string, writing: Writing) => readonly Writing[];
  /** Those who changed it and were not told. */
  readonly close: (object: string) => readonly Writing[];
  /** Those who changed something long ago, and nobody has closed it. */
  readonly overdue: (nowNs: number) => readonly Writing[];
  readonly size: () => number;
}

interface Entry {
  readonly sinceNs: number;
  /** By pid. */
  readonly untold: Map<number, Writing>;
  /** Told before it was closed: then not again until it is. */
  readonly told: Set<number>;
}

export function createModifiedFiles({ longestNs, limit }: { longestNs: number; limit: number }): ModifiedFiles {
  /** Those that were modified and not closed, the oldest first. */
  const files = new Map<string, Entry>();
  return {
    modify: (object, writing) => {
      let entry = files.get(object);
      if (!entry) {
        entry = { sinceNs: writing.toNs, untold: new Map(), told: new Set() };
        files.set(object, entry);
      }
      if (!entry.untold.has(writing.pid)) entry.untold.set(writing.pid, writing);
      return files.size > limit ? forgetOldest(files) : [];
    },
    close: (object) => {
      const entry = files.get(object);
      if (!entry) return [];
      files.delete(object);
      return [...entry.untold.values()];
    },
    overdue: (nowNs) => {
      const told: Writing[] = [];
      for (const entry of files.values()) {
        if (nowNs - entry.sinceNs < longestNs) break;
        told.push(...takeOverdue(entry, nowNs - longestNs));
      }
      return told;
    },
    size: () => files.size,
  };
}

function takeOverdue({ untold, told }: Entry, untilNs: number): readonly Writing[] {
  const overdue = [...untold.values()].filter(({ pid, toNs }) => toNs <= untilNs && !told.has(pid));
  for (const { pid } of overdue) {
    untold.delete(pid);
    told.add(pid);
  }
  return overdue;
}

function forgetOldest(files: Map<string, Entry>): readonly Writing[] {
  const [oldest] = files;
  if (!oldest) return [];
  files.delete(oldest[0]);
  return [...oldest[1].untold.values()];
}
