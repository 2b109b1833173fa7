import { createIsSkipped } from './skipped-names.ts';
import { startPoint, type StartHost, type StartPoint } from './start-point.ts';

/** A folder whose files are run, or read by a shell, one after the other. */
export interface ScriptFolder {
  readonly folder: string;
  readonly when: string;
  /** root, if nothing is said. */
  readonly runsAs?: string;
  /** Only these names count. */
  readonly names?: RegExp;
  /** True where files are read by a shell: they need no permission to be executed. */
  readonly isSourced?: boolean;
  /** True where run-parts starts them, which leaves out some names. */
  readonly byRunParts?: boolean;
}

/** Every file of the folders; one that may not be executed is disabled where that is needed. */
export function* readScriptFolders({ files }: StartHost, folders: readonly ScriptFolder[]): Generator<StartPoint> {
  const seen = new Set<string>();
  const isSkippedName = folders.some(({ byRunParts }) => byRunParts) ? createIsSkipped(files) : () => false;
  for (const { folder, when, runsAs = 'root', names, isSourced = false, byRunParts = false } of folders) {
    const place = files.resolve(folder);
    if (place === undefined || seen.has(place)) continue;
    seen.add(place);
    for (const name of files.list(folder)) {
      const path = `${folder}/${name}`;
      if (names && !names.test(name)) continue;
      const stats = files.stat(path);
      if (stats?.isDirectory() || name === '.placeholder' || name === 'README') continue;
      const isExecutable = isSourced || ((stats?.mode ?? 0) & 0o111) !== 0;
      const isMasked = files.resolve(path) === '/dev/null';
      const isSkipped = byRunParts && isSkippedName(name);
      const state = isMasked ? 'masked' : isExecutable && !isSkipped ? 'enabled' : 'disabled';
      const notes = isSkipped ? ['its name keeps run-parts from starting it'] : [];
      yield startPoint({ path, name, when, runsAs, state, isScript: true, notes });
    }
  }
}

/** The same for single files; those that are not there are left out. */
export function* readScripts(
  { files }: StartHost,
  scripts: readonly { readonly path: string; readonly when: string; readonly runsAs?: string }[],
): Generator<StartPoint> {
  for (const { path, when, runsAs = 'root' } of scripts) {
    const stats = files.lstat(path);
    if (!stats || stats.isDirectory()) continue;
    yield startPoint({ path, name: path.slice(path.lastIndexOf('/') + 1), when, runsAs, isScript: true });
  }
}
