/** What is changed in the kernel's audit, and how it is taken back. Rules and settings of others are never touched. */
import { setTimeout } from 'node:timers/promises';
import { messageOf } from '../../base/app-error.ts';
import { encodeRule, readRule, type ListedRule } from './encode-rule.ts';
import type { Changes, Ledger } from './ledger.ts';
import { createMark, isMark, readMark, yieldingKey, type Settings } from './mark.ts';
import type { AuditControl } from './open-control.ts';
import type { AuditRule } from './rule.ts';
import type { AuditStatus } from './status.ts';

const locked = 2;
/** The lineage hears of the new rule from the kernel, and goes behind it at once. */
const yieldMs = 2000;
const settingNames = ['backlogLimit', 'backlogWaitTime', 'enabled'] as const;

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

/**
 * What is to be changed, and what is to be restored at the end: how audit is now, or, where another of ours uses it already, how it was before that one.
 * Read the status before the rules: whoever of ours comes in between has his rules there before his settings.
 */
export function planChanges(
  status: AuditStatus,
  listed: readonly ListedRule[],
  options: { readonly backlogLimit: number; readonly bootId: string },
): Changes {
  const { backlogLimit, bootId } = options;
  const earlier = listed.flatMap(({ keys }) => keys.map(readMark)).find((before) => before !== undefined);
  const { enabled, backlogLimit: limit, backlogWaitTime } = status;
  const before = earlier ?? { enabled, backlogLimit: limit, backlogWaitTime };
  const set = earlier ? findChanged(earlier, status) : chooseSettings(status, backlogLimit);
  if (status.enabled === 0) set.enabled = 1;
  return { bootId, mark: createMark(before), before, set, others: listed.filter(isOfOthers).length, rules: [] };
}

function findChanged(before: Required<Settings>, status: AuditStatus): Settings {
  const set: Settings = {};
  for (const name of settingNames) if (status[name] !== before[name]) set[name] = status[name];
  return set;
}

function isOfOthers({ keys }: ListedRule): boolean {
  return !keys.some(isMark);
}

/**
 * Puts the settings of the plan in force. Rules come first, so that whoever of ours comes meanwhile finds them; one that left meanwhile may have switched audit
 * off behind our back, so its state is read again.
 */
export async function applySettings(
  control: AuditControl,
  changes: Changes,
  options: { readonly ledger: Ledger; readonly backlogLimit: number },
): Promise<void> {
  const status = await control.readStatus();
  if (status.enabled === 0 && changes.before.enabled !== 0) {
    const { enabled, backlogLimit, backlogWaitTime } = status;
    changes.before = { enabled, backlogLimit, backlogWaitTime };
    changes.set = chooseSettings(status, options.backlogLimit);
    options.ledger.write(changes);
  }
  const change: Settings = {};
  for (const name of settingNames) {
    const value = changes.set[name];
    if (value !== undefined && status[name] !== value) change[name] = value;
  }
  if (Object.keys(change).length > 0) await control.setStatus(change);
}

export interface AddedRules {
  readonly added: number;
  /** Keys of rules of others that say the same as one of ours, which was not added. */
  readonly keysThere: readonly string[];
  readonly there: number;
  readonly errors: readonly string[];
}

/**
 * Notes each rule, then adds it. One that another has is left to him: events of it are told by his key. Those of ours are no others': they go when their part of us
 * stops. Never throws for a rule that the kernel refuses.
 */
export async function addRules(
  control: AuditControl,
  rules: readonly AuditRule[],
  changes: Changes,
  ledger: Ledger,
): Promise<AddedRules> {
  const listed = (await control.listRules()).filter(isOfOthers);
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
  const { added, refused } = await appendRules(control, wanted, changes, ledger);
  return { added, keysThere, there, errors: [...errors, ...refused] };
}

/**
 * Resolves when rules that yield (yieldingKey) stand behind those with this mark: until then the kernel tells what fits both under their key. Their lineage puts them there by itself; where none
 * does within 2 s it has been killed, and they are put there for it, the same as they were: its next start takes them back.
 */
export async function waitForFirstPlace(control: AuditControl, mark: string): Promise<void> {
  for (const endMs = performance.now() + yieldMs; ;) {
    const listed = await control.listRules();
    const last = listed.findLastIndex(({ keys }) => keys.includes(mark));
    const before = listed
      .slice(0, Math.max(last, 0))
      .filter(({ keys }) => keys.some(isMark) && keys.includes(yieldingKey));
    if (before.length === 0) return;
    if (performance.now() > endMs) {
      for (const { bytes } of before) if (await control.deleteRule(bytes)) await control.addRule(bytes);
      return;
    }
    await setTimeout(20);
  }
}

/** Notes the rules, then adds them behind all others, whatever others say: the kernel takes the first that fits, so theirs go before. */
export async function appendRules(
  control: AuditControl,
  rules: readonly Buffer[],
  changes: Changes,
  ledger: Ledger,
): Promise<{ readonly added: number; readonly refused: readonly string[] }> {
  changes.rules.push(...rules.map((bytes) => bytes.toString('base64')));
  ledger.write(changes);
  const refused: string[] = [];
  let added = 0;
  for (const bytes of rules) {
    try {
      if (await control.addRule(bytes)) added++;
    } catch (error) {
      const said = readRule(bytes)?.keys.slice(1).join(',');
      refused.push(`the kernel refuses a rule${said ? ` (${said})` : ''}: ${messageOf(error)}`);
    }
  }
  return { added, refused };
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
  const listed = await control.listRules();
  if (listed.some(({ keys }) => keys.some(isMark))) {
    // Another of ours still uses audit: it restores the settings, which it found in our mark, or had found before us.
    ledger.clear();
    return said;
  }
  const back: Settings = {};
  for (const name of settingNames) {
    const [set, before] = [changes.set[name], changes.before[name]];
    if (set === undefined || before === undefined || status[name] === before) continue;
    if (status[name] === set) back[name] = before;
    else said.push(`${name} was changed by another to ${status[name]}: left so`);
  }
  if (back.enabled === 0) {
    const reason =
      status.pid !== 0
        ? `process ${status.pid} reads it`
        : listed.length > changes.others
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
