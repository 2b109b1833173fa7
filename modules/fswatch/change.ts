/** What can become of an object, and what is told about it: MIG's severities and texts where MIG has one. */
import type { Severity } from '../../src/protocol/alert.ts';
import { formatGoMode } from '../../src/search/walk/go-mode.ts';
import type { ObjectRecord } from './baseline.ts';
import type { ObjectState } from './object-state.ts';

export type ChangeKind =
  | 'signature'
  | 'created'
  | 'removed'
  | 'renamed'
  | 'attributes'
  | 'type'
  | 'link'
  | 'transient'
  | 'unreadable'
  | 'watching';

export interface Change {
  readonly kind: ChangeKind;
  readonly severity: Severity;
  readonly path: string;
  readonly text: string;
  /** The values in it, for programs. */
  readonly facts: Readonly<Record<string, unknown>>;
}

export function describeSignature(path: string, before: string, now: string, why: string | undefined): Change {
  const shown = (sum: string): string => (sum === '' ? 'unknown' : sum);
  const reason = why === undefined ? '' : ` (${why})`;
  const text = `${path} signature changed ${shown(before)} -> ${shown(now)}${reason}`;
  return { kind: 'signature', severity: 'critical', path, text, facts: { old: before, new: now } };
}

const typeWords = { file: 'file', folder: 'folder', link: 'link', other: 'special file' } as const;

export function describeCreated(
  path: string,
  now: ObjectState,
  sha256: string,
  { reason, isMovedIn }: { readonly reason?: string | undefined; readonly isMovedIn: boolean },
): Change {
  const what = {
    file: reason === undefined ? `signature ${sha256}` : `signature unknown (${reason})`,
    folder: 'folder',
    link: `link to ${now.target}`,
    other: 'special file',
  };
  const from = isMovedIn ? ', moved in from where nothing is watched' : '';
  const text = `path ${path} created, ${what[now.type]}${from}`;
  return { kind: 'created', severity: 'high', path, text, facts: { type: now.type, new: sha256 } };
}

export function describeRemoved(path: string, sha256: string | undefined, isMovedAway: boolean): Change {
  const away = isMovedAway ? ', moved to where nothing is watched' : '';
  return { kind: 'removed', severity: 'low', path, text: `path ${path} removed${away}`, facts: { old: sha256 ?? '' } };
}

export function describeRenamed(from: string, to: string, objectsBelow: number): Change {
  const below = objectsBelow === 0 ? '' : ` with ${objectsBelow} objects below it`;
  return {
    kind: 'renamed',
    severity: 'medium',
    path: to,
    text: `path ${from} renamed -> ${to}${below}`,
    facts: { from, to },
  };
}

/** It came and went before it could be looked at. */
export function describeTransient(path: string): Change {
  return { kind: 'transient', severity: 'low', path, text: `path ${path} created and removed again`, facts: {} };
}

export function describeUnreadable(path: string, why: string): Change {
  return { kind: 'unreadable', severity: 'medium', path, text: `unable to stat new path ${path}: ${why}`, facts: {} };
}

/** About the watching itself. */
export function describeWatching(path: string, severity: Severity, text: string): Change {
  return { kind: 'watching', severity, path, text, facts: {} };
}

const setIds = 0o6000;

/** Type, link, mode and owner: what a comparison of two states shows without reading content. */
export function describeDifferences(before: ObjectRecord, now: ObjectState): readonly Change[] {
  const { path } = before;
  if (before.type !== now.type) {
    const leads = now.type === 'link' ? ` to ${now.target}` : '';
    const text = `path ${path} was a ${typeWords[before.type]}, is a ${typeWords[now.type]}${leads} now`;
    return [{ kind: 'type', severity: 'critical', path, text, facts: { old: before.type, new: now.type } }];
  }
  const changes: Change[] = [];
  if (before.target !== now.target) {
    const text = `${path} link changed ${before.target} -> ${now.target}`;
    changes.push({ kind: 'link', severity: 'critical', path, text, facts: { old: before.target, new: now.target } });
  }
  const parts: string[] = [];
  if (before.mode !== now.mode && now.type !== 'link') {
    parts.push(`mode changed ${formatGoMode(before.mode)} -> ${formatGoMode(now.mode)}`);
  }
  if (before.uid !== now.uid || before.gid !== now.gid) {
    parts.push(`owner changed ${before.uid}:${before.gid} -> ${now.uid}:${now.gid}`);
  }
  if (parts.length > 0) {
    const isRaised = now.type === 'file' && (now.mode & ~before.mode & setIds) !== 0;
    const severity = isRaised ? 'critical' : 'medium';
    changes.push({
      kind: 'attributes',
      severity,
      path,
      text: `${path} ${parts.join(', ')}`,
      facts: { old: before.mode, new: now.mode },
    });
  }
  return changes;
}
