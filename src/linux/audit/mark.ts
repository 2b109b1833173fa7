/** The key of our rules: it says that they are ours, which run's, and how the kernel's audit was before the first of ours. Pure but for the random number. */
import { randomBytes } from 'node:crypto';
import type { AuditStatus } from './status.ts';

/** The settings of audit that we may change. */
export type Settings = Partial<Record<'enabled' | 'backlogLimit' | 'backlogWaitTime', number>>;

/** The second key of rules that go behind those of all others, whenever they come: the lineage's, which takes an event under any key. */
export const yieldingKey = 'lineage';

const form = /^gumshoe-[0-9a-f]{8}(?:-([0-2])\.([0-9a-f]{1,8})\.([0-9a-f]{1,8}))?$/;

/**
 * "gumshoe-0011aabb-0.40.3a98": a number of its own, and enabled, backlog limit and wait time in hexadecimal. Two of ours may use audit at the same time (the modules audit
 * and lineage, two agents): whoever comes second learns here what is to be restored, and whoever leaves last restores it. The kernel keeps it as long as the rules.
 */
export function createMark(before: Pick<AuditStatus, 'enabled' | 'backlogLimit' | 'backlogWaitTime'>): string {
  const { enabled, backlogLimit, backlogWaitTime } = before;
  return `gumshoe-${randomBytes(4).toString('hex')}-${enabled}.${backlogLimit.toString(16)}.${backlogWaitTime.toString(16)}`;
}

export function isMark(text: string): boolean {
  return form.test(text);
}

/** Undefined for what is no mark, or one that does not say it. */
export function readMark(text: string): Required<Settings> | undefined {
  const [, enabled, backlogLimit, backlogWaitTime] = form.exec(text) ?? [];
  if (enabled === undefined || backlogLimit === undefined || backlogWaitTime === undefined) return undefined;
  return {
    enabled: Number(enabled),
    backlogLimit: Number.parseInt(backlogLimit, 16),
    backlogWaitTime: Number.parseInt(backlogWaitTime, 16),
  };
}
