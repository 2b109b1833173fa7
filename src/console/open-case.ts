import { reportOf } from '../base/app-error.ts';
import { line, type Line } from '../module/line.ts';
import { casePath, dataFolder } from '../store/data-folder.ts';
import { openMemoryStore, openStore, type Store } from '../store/open-store.ts';

/**
 * The case's store; where its file cannot be used, one in memory, and lines that say why and what it means. A wrong name of a case is an error all the
 * same: throws StoreError CASE_NAME.
 */
export function openCase(
  caseName: string,
  environment: Readonly<Record<string, string | undefined>>,
): { readonly store: Store; readonly notices: readonly Line[] } {
  const path = casePath(dataFolder(environment), caseName);
  try {
    return { store: openStore(path), notices: [] };
  } catch (error) {
    const { message, hint } = reportOf(error);
    return {
      store: openMemoryStore(),
      notices: [
        line(message, 'error'),
        line(hint, 'quiet'),
        line(
          'this console works in memory: what it finds is lost at its end, "export" writes it into files',
          'warning',
        ),
      ],
    };
  }
}
