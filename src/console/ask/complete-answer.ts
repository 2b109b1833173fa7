import { readdirSync } from 'node:fs';
import type { Completion } from '../ports.ts';

/** Completes from a list of words. */
export function completeWord(words: readonly string[]): (typed: string) => Completion {
  return (typed) => ({
    from: 0,
    candidates: words.filter((word) => word.startsWith(typed)).map((text) => ({ text })),
  });
}

/** Completes the path of a file or folder of this host, which need not exist on an endpoint. Folders that cannot be read complete to nothing. */
export function completePath(typed: string): Completion {
  const from = typed.lastIndexOf('/') + 1;
  const folder = typed.slice(0, from) || '.';
  const start = typed.slice(from);
  try {
    const candidates = readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.name.startsWith(start) && (start !== '' || !entry.name.startsWith('.')))
      .map((entry) => ({ text: entry.isDirectory() ? `${entry.name}/` : entry.name }))
      .sort((one, other) => (one.text < other.text ? -1 : 1));
    return { from, candidates };
  } catch {
    // No such folder, or not ours to read: there is nothing to offer.
    return { from, candidates: [] };
  }
}
