/** Paths as the lineage has them: without links, for the kernel tells no others. */
import { resolveFolder } from '../../src/lineage/sources/fanotify/resolve-folder.ts';
import { toText } from './texts.ts';

/** The folders of a path as they are on this host now, as far as they exist. The last part stands as it is, for a link may be what is asked about; behind a slash it is a folder, too. */
export function resolvePath(path: string): string {
  const slash = path.lastIndexOf('/');
  const folder = toText(resolveFolder(path.slice(0, slash + 1)));
  return `${folder === '/' ? '' : folder}/${path.slice(slash + 1)}`;
}
