/** What the module changes in the kernel's audit, and how it is taken back. Rules and settings of others are never touched. */
import { messageOf } from '../../src/base/app-error.ts';
import { encodeRule, readRule } from '../../src/linux/audit/encode-rule.ts';
import type { AuditControl } from '../../src/linux/audit/open-control.ts';
import type { AuditRule } from '../../src/linux/audit/rule.ts';
import type { AuditStatus } from '../../src/linux/audit/status.ts';
import type { Changes, Ledger, Settings } from './ledger.ts';

const locked = 2;

/**
 * The settings to change: audit is switched on where it is off. Where no auditd has the kernel's records, as many may wait as was asked for, and nobody
 * waits for them: with a wait, audited programs sleep while the queue is full (measured: three times slower). With auditd they are its administrator's.
 */
export function chooseSettings(status: AuditStatus, backlogLimit: number): Settings {
  if (status.enabled >= locked) return {};
  const isFree = status.pid === 0;
  const isSmall = status.backlogLimit !== 0 && status.backlogLimit < backlogLimit;
  return {
    ...(status.enabled === 0 ? { enabled: 1 } : {}),
    ...(isFree && isSmall ? { backlogLimit } : {}),
    ...(isFree && status.backlogWaitTime !== 0 ? { backlogWaitTime: 0 } : {}),
  };
}

export interface AddedRules {
  readonly added: number;
  /** Keys of rules of others that say the same as one of ours, which was not added. */
  readonly keysThere: readonly string[];
  readonly there: number;
  readonly errors: readonly string[];
}

/** Notes each rule, then adds it. One that another has is left to him: events of it are told by his key. Never throws for a rule that the kernel refuses. */
export async function addRules(
  control: AuditControl,
  rules: readonly AuditRule[],
  changes: Changes,
  ledger: Ledger,
): Promise<AddedRules> {
  const listed = await control.listRules();
  const errors: string[] = [];
  const keysThere: string[] = [];
  const wanted: Buffer[] = [];
  let there = 0;
  for (const rule of rules) {
    const bytes = encodeRule(rule);
    const same = listed.find(({ meaning }) => meaning === readRule(bytes)?.meaning);
    if (!same) wanted.push(bytes);
    else {
      there++;
      keysThere.push(...same.keys);
      if (same.keys.length === 0)
        errors.push(
          'a rule of another without a key says the same as one of ours: its events cannot be told from others',
        );
    }
  }
  changes.rules.push(...wanted.map((bytes) => bytes.toString('base64')));
  ledger.write(changes);
  let added = 0;
  for (const bytes of wanted) {
    try {
      if (await control.addRule(bytes)) added++;
    } catch (error) {
      const said = readRule(bytes)?.keys.slice(1).join(',');
      errors.push(`the kernel refuses a rule${said ? ` (${said})` : ''}: ${messageOf(error)}`);
    }
  }
  return { added, keysThere, there, errors };
}

/**
 * Takes back what the ledger says: rules first, then settings, those alone that still are as we set them. Returns what was left as it is, and why.
 * Throws a system error, after which the ledger still says what is to be taken back.
 */
export async function takeBack(control: AuditControl, changes: Changes, ledger: Ledger): Promise<readonly string[]> {
  const said: string[] = [];
  const status = await control.readStatus();
  if (status.enabled >= locked) {
    said.push('audit was locked meanwhile: the rules stay until the next boot');
    ledger.clear();
    return said;
  }
  for (const rule of changes.rules) await control.deleteRule(Buffer.from(rule, 'base64'));
  const back: Settings = {};
  for (const name of ['backlogLimit', 'backlogWaitTime', 'enabled'] as const) {
    const [set, before] = [changes.set[name], changes.before[name]];
    if (set === undefined || before === undefined) continue;
    if (status[name] === set) back[name] = before;
    else said.push(`${name} was changed by another to ${status[name]}: left so`);
  }
  if (back.enabled === 0) {
    const others = (await control.listRules()).length;
    const reason =
      status.pid !== 0
        ? `process ${status.pid} reads it`
        : others > changes.others
          ? 'others have added rules'
          : undefined;
    if (reason !== undefined) {
      delete back.enabled;
      said.push(`audit stays on: ${reason}`);
    }
  }
  if (Object.keys(back).length > 0) await control.setStatus(back);
  ledger.clear();
  return said;
}
