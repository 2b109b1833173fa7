/** The walk over a host: every file is looked at, and what holds keys is told. */
import { isGone } from '../../src/linux/errno.ts';
import { createWalk } from '../../src/search/walk/create-walk.ts';
import { joinPath } from '../../src/search/walk/path-text.ts';
import { createExaminer, type ExamineOptions } from './examine-file.ts';
import type { Roots } from './find-roots.ts';

/** They hold no files; a path inside them is walked when it is asked for. */
const kernelFolders = new Set(['/proc', '/sys']);

/** Looks at all files of the roots, `maxDepth` levels of folders deep, and tells how many there were and how many hold keys. */
export async function searchKeys(
  roots: Roots,
  options: ExamineOptions & { readonly maxDepth: number },
): Promise<{ readonly examined: number; readonly candidates: number }> {
  const { pace, findings, problems, progress, maxDepth } = options;
  const examiner = createExaminer(options);
  const isOver = (): boolean => pace.signal.aborted || findings.isFull();
  for (const path of roots.files) {
    if (isOver()) break;
    await examiner.examine(path, 'link');
  }
  const walk = createWalk<number>(
    {
      enter: (path, depth) => (depth >= maxDepth || kernelFolders.has(path) ? undefined : depth + 1),
      visit: (folder, name, kind) => examiner.examine(joinPath(folder, name), kind),
      failed: (path, error) => {
        if (!isGone(error)) problems.unreadable(path, error);
      },
      isOver,
    },
    pace,
  );
  walk.add(roots.folders.map((path) => ({ path, scope: 1 })));
  await walk.run();
  const counts = examiner.counts();
  progress.examined(counts.examined);
  return counts;
}
