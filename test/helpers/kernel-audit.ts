/** The kernel's audit for one test file at a time: it is one for all, and is left as it was found. */
import { closeSync, openSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ListedRule } from '../../src/linux/audit/encode-rule.ts';
import { isMark, yieldingKey } from '../../src/linux/audit/mark.ts';
import { openControl, type AuditControl } from '../../src/linux/audit/open-control.ts';
import { lockFile } from '../../src/native/lock-file.ts';
import { loadNetlinkPorts } from '../../src/native/netlink-port.ts';
import { waitFor } from './wait-for.ts';

export interface KernelAudit {
  readonly control: AuditControl;
  /** What a test must leave as it was. */
  readonly read: () => Promise<{
    readonly enabled: number;
    readonly backlogLimit: number;
    readonly backlogWaitTime: number;
    readonly pid: number;
    readonly rules: readonly string[];
  }>;
  readonly release: () => void;
}

/** Undefined where the kernel refuses audit: no root, or not in the initial namespaces. */
export async function openKernelAudit(): Promise<AuditControl | undefined> {
  const open = loadNetlinkPorts();
  try {
    const opened = open && openControl(open);
    await opened?.readStatus();
    return opened;
  } catch {
    // EPERM, ECONNREFUSED
    return undefined;
  }
}

/** A rule of the lineage of some agent: rules of a test's own lineage are for one user. */
export function isOfLineage({ keys }: ListedRule): boolean {
  return keys.some(isMark) && keys.includes(yieldingKey);
}

/**
 * The rules, when nobody else of ours has any: a lineage that runs on this host meanwhile, and takes no turns, keeps what it needs, and whoever leaves last restores what was before the first.
 * After one was there it is waited a moment more: it takes back its rules before its settings.
 *
 * @param most Rules of such that were there when the test began.
 */
export async function listWithoutStrangers(
  control: AuditControl,
  isStrange: (rule: ListedRule) => boolean,
  most: number,
): Promise<readonly ListedRule[]> {
  let quiet = Number.POSITIVE_INFINITY;
  return waitFor(
    'a lineage of this host to leave audit',
    async () => {
      const listed = await control.listRules();
      quiet = listed.filter(isStrange).length > most ? 0 : quiet + 1;
      return quiet > 50 && listed;
    },
    240_000,
  );
}

/** Waits for the turn of this file. */
export async function takeKernelAudit(control: AuditControl): Promise<KernelAudit> {
  const turn = openSync(join(tmpdir(), 'gumshoe-test-kernel-audit.lock'), 'a', 0o600);
  await waitFor('our turn', () => lockFile(turn), 900_000);
  return {
    control,
    read: async () => {
      const { enabled, backlogLimit, backlogWaitTime, pid } = await control.readStatus();
      const rules = (await control.listRules()).map(({ bytes }) => bytes.toString('base64'));
      return { enabled, backlogLimit, backlogWaitTime, pid, rules };
    },
    release: () => {
      closeSync(turn);
      control[Symbol.dispose]();
    },
  };
}
