/** What is told of a change when nothing that leaves the host may name its paths. Sentences of their own: whatever a path holds, none of it is in them. */
import { masked } from '../../src/module/print.ts';
import type { ChangeKind } from './change.ts';

const sentences: Readonly<Record<ChangeKind, string>> = {
  signature: `${masked} signature changed`,
  created: `path ${masked} created`,
  removed: `path ${masked} removed`,
  renamed: `path ${masked} renamed`,
  attributes: `${masked} mode or owner changed`,
  type: `path ${masked} has another type now`,
  link: `${masked} link changed`,
  transient: `path ${masked} created and removed again`,
  unreadable: `unable to stat new path ${masked}`,
  watching: 'not everything is watched as before: the log of the agent says what',
};

/** Of these `old` and `new` are checksums, modes or types; of a link they are paths. */
const plainValues: ReadonlySet<string> = new Set<ChangeKind>(['signature', 'created', 'removed', 'attributes', 'type']);

/** The sentence of a kind of change; a kind that is not known is masked as a whole. */
export function maskedSentence(kind: string): string {
  return Object.hasOwn(sentences, kind) ? sentences[kind as ChangeKind] : masked;
}

/** The alert of a change without its paths. Severity, number, time, kind, checksums, modes and types stay, and so does the count of many changes. */
export function maskAlert(alert: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const { severity, change, n, at, type } = alert;
  if (change === 'summary') return alert;
  const kind = String(change);
  const values = plainValues.has(kind) ? { type, old: alert['old'], new: alert['new'] } : {};
  const kept = Object.entries({ n, at, change, ...values }).filter(([, value]) => value !== undefined);
  return { severity, alert: maskedSentence(kind), path: masked, ...Object.fromEntries(kept) };
}
