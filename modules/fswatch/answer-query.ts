import { posix } from 'node:path';
import { realpathSync } from 'node:fs';
import type { RunOutcome } from '../../src/module/run.ts';
import { formatGoMode } from '../../src/search/walk/go-mode.ts';
import { decodePath, encodePath, joinPath } from '../../src/search/walk/path-text.ts';
import type { ObjectRecord } from './baseline.ts';
import { cleanPath } from './config.ts';
import type { ChangeElement, Elements, RecordElement, Statistics } from './elements.ts';
import type { Params } from './params.ts';
import type { Watching } from './watching.ts';

const newestChanges = 10;

/** MIG's answer, {"ok": true}, and what stands behind it. */
export function answerQuery(watching: Watching, params: Params): RunOutcome<Elements, Statistics> {
  const { baseline, changeLog } = watching;
  const record = params.path === undefined ? undefined : findRecord(watching, cleanPath(params.path));
  const wanted = params.changes ?? (params.path === undefined ? newestChanges : 0);
  const below = params.path === undefined ? undefined : (record?.path ?? cleanPath(params.path));
  const roots = watching.roots();
  const { watched, unwatched } = watching.folders();
  const missing = roots
    .filter(({ place }) => place === undefined)
    .map(({ path }) => `${path} is missing: it is waited for`);
  const problems = [...missing, ...watching.problems()];
  const unknown = params.path !== undefined && !record ? [`${params.path} is not in the baseline`] : [];
  return {
    foundAnything: true,
    elements: {
      ok: true,
      way: watching.way(),
      state: watching.state(),
      paths: roots.map(({ path, isRecursive, place }) => ({
        path,
        recursive: isRecursive,
        state: place === undefined ? 'missing' : 'watched',
        ...(place === undefined || place === path ? {} : { leadsTo: place }),
      })),
      objects: baseline.count(),
      folders: watched,
      unwatchedFolders: unwatched,
      pending: watching.pending(),
      untold: changeLog.countUntold(),
      changes: changeLog
        .newest(wanted, below)
        .map(({ n, atMs, severity, kind, text, facts, times }): ChangeElement => ({
          n,
          at: new Date(atMs).toISOString(),
          severity,
          change: kind,
          ...(typeof facts['path'] === 'string' ? { path: facts['path'] } : {}),
          text,
          times,
        })),
      problems,
      ...(record ? { record: toElement(record) } : {}),
    },
    statistics: watching.counts(),
    errors: unknown,
  };
}

/** By its own path, or by one with links in it. */
function findRecord({ baseline }: Watching, path: string): ObjectRecord | undefined {
  const known = baseline.get(path);
  if (known) return known;
  try {
    const above = decodePath(realpathSync.native(encodePath(posix.dirname(path)), { encoding: 'buffer' }));
    return baseline.get(joinPath(above, posix.basename(path)));
  } catch {
    // There is no such folder: the baseline does not have it either.
    return undefined;
  }
}

function toElement({
  path,
  type,
  size,
  modifiedNs,
  changedNs,
  inode,
  mode,
  uid,
  gid,
  sha256,
  target,
}: ObjectRecord): RecordElement {
  return {
    path,
    type,
    size,
    modified: formatNs(modifiedNs),
    changed: formatNs(changedNs),
    inode: String(inode),
    mode: formatGoMode(mode),
    uid,
    gid,
    sha256: sha256 || null,
    ...(target === '' ? {} : { target }),
  };
}

function formatNs(ns: bigint): string {
  const second = 1_000_000_000n;
  const fraction = ((ns % second) + second) % second;
  const date = new Date(Number((ns - fraction) / second) * 1000);
  const text = Number.isNaN(date.getTime()) ? `${ns} ns` : date.toISOString();
  return text.replace('.000Z', `.${String(fraction).padStart(9, '0')}Z`);
}
