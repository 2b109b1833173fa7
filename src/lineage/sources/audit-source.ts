/**
 * The kernel's audit as a source of the lineage: arguments, working directories, login users, execs that failed. It has rules of its own, which are taken back at
 * the end; after a kill by the next start of the lineage, with audit or without. auditd and everybody's rules stay as they are.
 */
import { mkdirSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { messageOf } from '../../base/app-error.ts';
import { systemClock, type Clock } from '../../base/clock.ts';
import { describeRefusal } from '../../linux/audit/describe-refusal.ts';
import { takeBack } from '../../linux/audit/kernel-changes.ts';
import { openLedger } from '../../linux/audit/ledger.ts';
import { openControl, type AuditControl } from '../../linux/audit/open-control.ts';
import { readRecords, type RecordStream } from '../../linux/audit/read-records.ts';
import { readBootId } from '../../linux/proc/process-identity.ts';
import { readPidNamespace } from '../../linux/proc/read-process.ts';
import { loadNetlinkPorts, type OpenNetlinkPort } from '../../native/netlink-port.ts';
import type { OpenedSource, SourceOptions } from '../lineage-source.ts';
import { findCalls } from './audit-calls.ts';
import { createAuditListener, type AuditListener } from './audit-listener.ts';
import { createAuditRules, type AuditRules } from './audit-rules.ts';
import { createEventStamp } from './event-stamp.ts';
import type { HostTimes } from './host-times.ts';
import { watchAudit, type AuditWatch } from './watch-audit.ts';

export interface AuditSourceOptions extends SourceOptions {
  readonly times: HostTimes;
  /** What is changed in the kernel is noted here: a folder of this source alone. */
  readonly stateFolder: string;
  /** Births (clone, clone3, fork, vfork) and calls of exit_group, too. Default false: the connector tells them better, and each is a record more. */
  readonly lifetimes?: boolean;
  /** Only programs of this user. */
  readonly uid?: number;
  /** Records that may wait in the kernel where no auditd has said how many. Default 65,536: while all processors are busy the kernel is slow to tell them. */
  readonly backlogLimit?: number;
  /** Bytes of arguments that are kept. Default 131,072. */
  readonly maxArgBytes?: number;
  /** How often the kernel's state is looked at. Default 5 s. */
  readonly lookMs?: number;
  readonly clock?: Clock;
  /** Default: those of this host. */
  readonly openPort?: OpenNetlinkPort | undefined;
}

const defaults = { backlogLimit: 65_536, maxArgBytes: 128 * 1024, lookMs: 5000 } as const;
/** The kernel tells its own changes at once. */
const hearMs = 600;

interface Run {
  readonly control: AuditControl | undefined;
  readonly rules: AuditRules | undefined;
  readonly stream: RecordStream;
  readonly listener: AuditListener;
  readonly watch: AuditWatch | undefined;
}

/** start never throws for what the kernel refuses: the status says then what is missing, and the lineage goes on without. */
export function createAuditSource(options: AuditSourceOptions): OpenedSource {
  const { times, log, nextStream, onEvents, clock = systemClock, stateFolder } = options;
  const stamp = createEventStamp('audit', times);
  const ownNamespace = readPidNamespace('self');
  const before = { gaps: 0, drops: 0 };
  let run: Run | undefined;
  let lacks: readonly string[] = [];
  let starting: Promise<void> | undefined;

  const begin = async (): Promise<void> => {
    lacks = [];
    run = await open();
    for (const lack of lacks) log(`audit: ${lack}`);
  };
  const open = async (): Promise<Run | undefined> => {
    const calls = findCalls(process.arch);
    const openPort = 'openPort' in options ? options.openPort : loadNetlinkPorts();
    if (!calls || !openPort) {
      lacks = [
        `audit is read on Linux on x86-64 or arm64, by a Node with node:ffi: this is ${process.platform} on ${process.arch}, Node ${process.version}`,
      ];
      return undefined;
    }
    stamp.begin(nextStream());
    let watch: AuditWatch | undefined;
    const listener = createAuditListener({
      calls,
      maxArgBytes: options.maxArgBytes ?? defaults.maxArgBytes,
      times,
      clock,
      stamp,
      onEvents,
      isOurNumber: (pid) => ownNamespace !== undefined && readPidNamespace(pid) === ownNamespace,
      onRulesChanged: () => watch?.lookSoon(),
    });
    let stream: RecordStream;
    try {
      stream = readRecords(openPort, {
        ...listener,
        onUnknown: () => {},
        onError: (error) => log(`reading audit failed, it is tried again: ${messageOf(error)}`),
      });
    } catch (error) {
      lacks = [refusalOf(error)];
      return undefined;
    }
    const added = await addRules(openPort, calls);
    if (!added) return { control: undefined, rules: undefined, stream, listener, watch: undefined };
    const { control, rules } = added;
    watch = watchAudit({ control, rules, listener, times, log, everyMs: options.lookMs ?? defaults.lookMs });
    await listenForOwn(rules, listener);
    return { control, rules, stream, listener, watch };
  };

  const addRules = async (
    openPort: OpenNetlinkPort,
    calls: NonNullable<ReturnType<typeof findCalls>>,
  ): Promise<{ readonly control: AuditControl; readonly rules: AuditRules } | undefined> => {
    let control: AuditControl | undefined;
    try {
      control = openControl(openPort);
      mkdirSync(stateFolder, { recursive: true, mode: 0o700 });
      const bootId = readBootId();
      const rules = createAuditRules({
        control,
        ledger: openLedger(stateFolder, bootId),
        bootId,
        calls,
        lifetimes: options.lifetimes ?? false,
        uid: options.uid,
        backlogLimit: options.backlogLimit ?? defaults.backlogLimit,
        log,
      });
      lacks = await rules.add();
      return { control, rules };
    } catch (error) {
      control?.[Symbol.dispose]();
      lacks = [`no rules can be added, only what those of others tell is heard: ${refusalOf(error)}`];
      return undefined;
    }
  };

  /** The kernel tells changes of its rules to the first network namespace alone: whoever does not hear his own would wait for ever for those of others. */
  const listenForOwn = async (rules: AuditRules, listener: AuditListener): Promise<void> => {
    const hasHeard = async (): Promise<boolean> => {
      for (const endMs = performance.now() + hearMs / 2; performance.now() < endMs;) {
        if (listener.counts().records > 0) return true;
        await setTimeout(5);
      }
      return false;
    };
    if (!rules.hasAny() || (await hasHeard())) return;
    await rules.replace();
    if (!(await hasHeard())) lacks = [...lacks, unheard];
  };

  return {
    start: () => {
      starting ??= begin();
      return starting;
    },
    stop: async () => {
      // One that is still starting has changed the kernel already.
      await starting;
      starting = undefined;
      const ended = run;
      if (!ended) return;
      const { control, rules, stream, listener, watch } = ended;
      await watch?.stop();
      try {
        await rules?.takeBack();
      } catch (error) {
        log(`what was changed in audit is still to be taken back, by the next start: ${messageOf(error)}`);
      }
      stream[Symbol.dispose]();
      await stream.ended;
      listener.end();
      control?.[Symbol.dispose]();
      const { gaps, drops } = listener.counts();
      before.gaps += gaps;
      before.drops += drops;
      run = undefined;
    },
    status: () => {
      const counts = run?.listener.counts();
      const isDeaf = lacks.includes(unheard) && counts?.records === 0;
      const said = [...lacks.filter((lack) => lack !== unheard || isDeaf), ...(run?.watch?.lacks() ?? [])];
      return {
        source: 'audit',
        isWorking: run !== undefined && !isDeaf,
        lacks: said.length === 0 ? undefined : said.join('; '),
        events: stamp.count(),
        gaps: before.gaps + (counts?.gaps ?? 0),
        drops: before.drops + (counts?.drops ?? 0),
        // Where it tells nothing, nobody waits for it.
        watermarkNs: run && !isDeaf ? run.listener.watermarkNs() : times.bootNs(),
      };
    },
  };
}

const unheard = "the kernel's records are not heard here: it tells them to the first network namespace alone";

function refusalOf(error: unknown): string {
  const reason = describeRefusal(error);
  return reason === undefined ? messageOf(error) : `${reason} (${messageOf(error)})`;
}

/** Takes back what an earlier run left, whether audit is to be used now or not. Never throws. */
export async function restoreAudit(options: {
  readonly stateFolder: string;
  readonly log: (text: string) => void;
  readonly openPort?: OpenNetlinkPort | undefined;
}): Promise<void> {
  const ledger = openLedger(options.stateFolder, readBootId());
  const left = ledger.read();
  if (!left) return;
  const openPort = 'openPort' in options ? options.openPort : loadNetlinkPorts();
  try {
    if (!openPort) throw new Error('this Node has no node:ffi');
    using control = openControl(openPort);
    options.log('an earlier run ended without taking back its rules of audit: that is done first');
    for (const line of await takeBack(control, left, ledger)) options.log(line);
  } catch (error) {
    options.log(`rules of audit that an earlier run left cannot be taken back: ${messageOf(error)}`);
  }
}
