import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createTemporaryFolder } from '../../../helpers/temporary-folder.ts';

/** A folder to be read as the root of a system, with these files in it. */
export function makeRoot(
  files: Readonly<Record<string, string | Uint8Array>>,
): ReturnType<typeof createTemporaryFolder> {
  const folder = createTemporaryFolder();
  for (const [path, contents] of Object.entries(files)) {
    mkdirSync(dirname(join(folder.path, path)), { recursive: true });
    writeFileSync(join(folder.path, path), contents);
  }
  return folder;
}
