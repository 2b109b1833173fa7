/** The lineage's own rules in the kernel's audit: added, kept behind those of all others, taken back. */
import { encodeRule, type ListedRule } from '../../linux/audit/encode-rule.ts';
import { appendRules, applySettings, planChanges, takeBack } from '../../linux/audit/kernel-changes.ts';
import type { Changes, Ledger } from '../../linux/audit/ledger.ts';
import { createMark, isMark, yieldingKey } from '../../linux/audit/mark.ts';
import type { AuditControl } from '../../linux/audit/open-control.ts';
import { ruleActions, ruleLists } from '../../linux/audit/rule.ts';
import { buildLineageRules, type findCalls } from './audit-calls.ts';

const locked = 2;

export interface AuditRulesOptions {
  readonly control: AuditControl;
  readonly ledger: Ledger;
  readonly bootId: string;
  readonly calls: NonNullable<ReturnType<typeof findCalls>>;
  readonly lifetimes: boolean;
  readonly uid: number | undefined;
  readonly backlogLimit: number;
  readonly log: (text: string) => void;
}

export interface AuditRules {
  /** Takes back what an earlier run left, then adds the rules. What is missing then, for people. Throws a system error; what was done until then is taken back. */
  readonly add: () => Promise<readonly string[]>;
  /**
   * Puts the rules behind those that others have added since: the kernel tells an event by the key of the first rule that fits, and theirs are waited for under their own keys.
   * True where somebody had deleted one of ours. Throws a system error.
   */
  readonly renew: () => Promise<boolean>;
  /** The same at once, whatever is there. */
  readonly replace: () => Promise<void>;
  readonly takeBack: () => Promise<void>;
  /** False where none could be added, or they were taken back. */
  readonly hasAny: () => boolean;
}

export function createAuditRules(options: AuditRulesOptions): AuditRules {
  const { control, ledger, bootId, calls, lifetimes, uid, backlogLimit, log } = options;
  let changes: Changes | undefined;

  const build = (mark: string): readonly Buffer[] =>
    buildLineageRules(calls, { mark, lifetimes, uid }).map((rule) => encodeRule(rule));

  const giveBack = async (): Promise<void> => {
    if (!changes) return;
    for (const line of await takeBack(control, changes, ledger)) log(line);
    changes = undefined;
  };

  const replace = async (): Promise<void> => {
    if (!changes) return;
    const old = [...changes.rules];
    const { enabled = 0, backlogLimit: limit = 0, backlogWaitTime = 0 } = changes.before;
    const mark = createMark({ enabled, backlogLimit: limit, backlogWaitTime });
    // The new ones first: no event falls between.
    const next: Changes = { ...changes, mark, rules: [...old] };
    changes = next;
    const { refused } = await appendRules(control, build(mark), next, ledger);
    for (const line of refused) log(line);
    for (const rule of old) await control.deleteRule(Buffer.from(rule, 'base64'));
    next.rules.splice(0, old.length);
    ledger.write(next);
  };

  return {
    add: async () => {
      const left = ledger.read();
      if (left) {
        log('an earlier run ended without taking back its rules of audit: that is done first');
        for (const line of await takeBack(control, left, ledger)) log(line);
      }
      const status = await control.readStatus();
      const listed = await control.listRules();
      const lacks = findObstacles(listed);
      if (status.enabled >= locked) {
        return [...lacks, 'audit is locked until the next boot: only what the rules of others tell is heard'];
      }
      const plan = planChanges(status, listed, { backlogLimit, bootId });
      changes = plan;
      try {
        const { refused } = await appendRules(control, build(plan.mark), plan, ledger);
        await applySettings(control, plan, { ledger, backlogLimit });
        return [...lacks, ...refused];
      } catch (error) {
        await giveBack();
        throw error;
      }
    },
    renew: async () => {
      if (!changes) return false;
      const { mark } = changes;
      const listed = await control.listRules();
      const own = listed.filter(({ keys }) => keys.includes(mark));
      const isMissing = own.length < changes.rules.length;
      const last = listed.findLastIndex(({ keys }) => keys.includes(mark));
      if (isMissing || listed.slice(last + 1).some(goesBefore)) await replace();
      return isMissing;
    },
    replace,
    takeBack: giveBack,
    hasAny: () => changes !== undefined,
  };
}

/** A rule for system calls that is not the lineage's: two agents would go behind each other for ever. */
function goesBefore({ list, keys }: ListedRule): boolean {
  return list === ruleLists.exit && !(keys.some(isMark) && keys.includes(yieldingKey));
}

function findObstacles(listed: readonly ListedRule[]): readonly string[] {
  const isOff = listed.some(
    ({ list, action, hasConditions }) => list === ruleLists.task && action === ruleActions.never && !hasConditions,
  );
  const isExcluding = listed.some(({ list }) => list === ruleLists.exclude);
  return [
    ...(isOff ? ['a rule of another (never,task) keeps the kernel from auditing system calls'] : []),
    ...(isExcluding ? ['rules of another (exclude) leave out records, which may look like losses'] : []),
  ];
}
