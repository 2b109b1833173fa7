import { messageOf } from '../../src/base/app-error.ts';
import { readRule, type ListedRule } from '../../src/linux/audit/encode-rule.ts';
import { formatRule } from '../../src/linux/audit/format-rule.ts';
import {
  addRules,
  applySettings,
  planChanges,
  takeBack,
  waitForFirstPlace,
  type AddedRules,
} from '../../src/linux/audit/kernel-changes.ts';
import { openLedger, type Changes, type Ledger } from '../../src/linux/audit/ledger.ts';
import type { AuditControl } from '../../src/linux/audit/open-control.ts';
import { readRecords, type RecordStream } from '../../src/linux/audit/read-records.ts';
import type { AuditStatus } from '../../src/linux/audit/status.ts';
import type { PersistContext, PersistHandlers } from '../../src/module/persist.ts';
import { buildRules, type BuiltRules } from './build-rules.ts';
import { defaults, type Config } from './config.ts';
import type { Elements, Statistics } from './elements.ts';
import { createListening, type Listening } from './listen.ts';
import { explain, openAudit, readBootId, type OpenedAudit } from './open-audit.ts';
import type { Params } from './params.ts';
import { checkTypes, readRules } from './read-rules.ts';
import { watchStatus } from './watch-status.ts';

/** The PersistRunner: adds its rules, tells their events, and takes everything back at its end. */
export async function persist(context: PersistContext<Config>): Promise<PersistHandlers<Params, Elements, Statistics>> {
  const { config, log, clock, alert, stateFolder } = context;
  const audit = await openAudit();
  const { control, machine } = audit;
  const ledger = openLedger(stateFolder, readBootId());
  const left = ledger.read();
  if (left) await takeBackLeft(audit, left, ledger, log);

  checkTypes(config.types);
  const backlogLimit = config.backloglimit || defaults.backlogLimit;
  const { plan, isLocked } = await readPlan(control, backlogLimit);
  const { mark } = plan;
  const built = buildRules(readRules(config), machine, mark);
  const listening = createListening({ config, mark, extraPrivacy: context.extraPrivacy, clock, alert });
  const started = await start(audit, {
    built,
    plan: isLocked ? undefined : plan,
    ledger,
    backlogLimit,
    listening,
    log,
  });
  const { stream, rules, changes } = started;
  const status = await control.readStatus();
  const warnings = findWarnings(built, rules, status);
  for (const warning of warnings) log(warning);
  log(`listening for audit events: ${describe(rules, stream, status.pid)}`);
  const watching = watchStatus({ control, status, onLost: listening.onLost, alert, log });

  return {
    query: async (params) => {
      const now = await watching.look();
      const listed = await control.listRules();
      const elements: Elements = {
        ok: true,
        enabled: now.enabled,
        rules: countOwn(listed, mark, changes),
        rulesthere: rules.there,
        auditd: now.pid,
        ...listening.counts,
        buffer: stream.receiveBufferBytes,
        backloglimit: now.backlogLimit,
        ...(params.rules ? { rulelist: listed.map((rule) => formatRule(rule, [machine])) } : {}),
        ...(params.recent === undefined ? {} : { recent: listening.recent(params.recent) }),
      };
      return { foundAnything: true, elements, statistics: null, errors: warnings };
    },
    stop: async () => {
      watching.stop();
      stream[Symbol.dispose]();
      await stream.ended;
      listening.end();
      if (changes) for (const line of await takeBack(control, changes, ledger)) log(line);
      control[Symbol.dispose]();
    },
  };
}

function findWarnings(built: BuiltRules, rules: AddedRules, status: AuditStatus): readonly string[] {
  const found = [...built.warnings.map((warning) => `ruleset warning: ${warning}`), ...rules.errors];
  if (status.enabled === 2 && built.rules.length > 0) {
    found.push('audit is locked until the next boot: no rules can be added, what comes is told');
  }
  if (status.enabled === 0) {
    found.push('audit is off in the kernel, and is not switched on where there are no rules to add: add rules');
  }
  if (status.rateLimit > 0) {
    found.push(`the kernel is set to ${status.rateLimit} records a second for all its readers: what is more is lost`);
  }
  return found;
}

async function takeBackLeft(
  { control }: OpenedAudit,
  left: Changes,
  ledger: Ledger,
  log: (message: string) => void,
): Promise<void> {
  log('an earlier run ended without taking back its rules and settings: that is done first');
  for (const line of await takeBack(control, left, ledger)) log(line);
}

/** Rules of the lists that take no key are known by what they say: had another had them before, they were not added. */
function countOwn(listed: readonly ListedRule[], mark: string, changes: Changes | undefined): number {
  const own = new Set(changes?.rules.map((rule) => readRule(Buffer.from(rule, 'base64'))?.meaning));
  return listed.filter(({ keys, meaning }) => keys.includes(mark) || (keys.length === 0 && own.has(meaning))).length;
}

async function readPlan(
  control: AuditControl,
  backlogLimit: number,
): Promise<{ readonly plan: Changes; readonly isLocked: boolean }> {
  try {
    const status = await control.readStatus();
    const plan = planChanges(status, await control.listRules(), { backlogLimit, bootId: readBootId() });
    return { plan, isLocked: status.enabled === 2 };
  } catch (error) {
    throw explain(error);
  }
}

interface Started {
  readonly stream: RecordStream;
  readonly rules: AddedRules;
  /** Undefined where nothing was changed. */
  readonly changes: Changes | undefined;
}

/** The stream, then the rules, so that none of their events is missed, then the settings. What fails half-way is taken back. */
async function start(
  audit: OpenedAudit,
  options: {
    readonly built: BuiltRules;
    /** Undefined where nothing can be changed. */
    readonly plan: Changes | undefined;
    readonly ledger: Ledger;
    readonly backlogLimit: number;
    readonly listening: Listening;
    readonly log: (message: string) => void;
  },
): Promise<Started> {
  const { control, open } = audit;
  const { built, ledger, backlogLimit, listening, log } = options;
  let stream: RecordStream | undefined;
  let changes: Changes | undefined;
  try {
    stream = readRecords(open, {
      ...listening,
      onError: (error) => log(`reading audit failed, it is tried again: ${messageOf(error)}`),
    });
    if (built.rules.length > 0) changes = options.plan;
    const none: AddedRules = { added: 0, there: 0, keysThere: [], errors: [] };
    const rules = changes ? await addRules(control, built.rules, changes, ledger) : none;
    if (changes) {
      await applySettings(control, changes, { ledger, backlogLimit });
      await waitForFirstPlace(control, changes.mark);
    }
    for (const key of rules.keysThere) listening.want(key);
    listening.setReady();
    return { stream, rules, changes };
  } catch (error) {
    stream?.[Symbol.dispose]();
    if (changes) await takeBack(control, changes, ledger);
    control[Symbol.dispose]();
    throw explain(error);
  }
}

function describe(rules: AddedRules, stream: RecordStream, auditd: number): string {
  const beside = auditd > 0 ? `, beside process ${auditd}, which has the kernel's own stream` : '';
  return `${rules.added} rules added, ${rules.there} there already, a buffer of ${stream.receiveBufferBytes} bytes${beside}`;
}
