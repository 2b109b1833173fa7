/** The lineage of this host, with the kernel's own sources. */
import { join } from 'node:path';
import type { Clock } from '../base/clock.ts';
import { MonitorError } from '../base/app-error.ts';
import { readBootId } from '../linux/proc/process-identity.ts';
import { readPidNamespace } from '../linux/proc/read-process.ts';
import { openProcessStream } from '../monitor/open-process-stream.ts';
import type { OpenProcessStream } from '../monitor/process-stream.ts';
import { openHostClocks } from '../native/clock-calls.ts';
import { createLineageGraph } from './create-lineage-graph.ts';
import type { Sources } from './engine/sources.ts';
import type { LineageLimits } from './lineage-graph.ts';
import type { SourceOptions } from './lineage-source.ts';
import type { Lineage, LineageConfig } from './lineage.ts';
import { openLineageStore } from './open-lineage-store.ts';
import { openLineage } from './open-lineage.ts';
import { createAuditSource, restoreAudit } from './sources/audit-source.ts';
import { createConnectorSource } from './sources/connector-source.ts';
import { createFanotifySource } from './sources/fanotify-source.ts';
import { createHostTimes } from './sources/host-times.ts';
import { createProcSource } from './sources/proc-source.ts';

export interface HostLineageOptions {
  readonly config: LineageConfig;
  /** Of the lineage alone: its database, and what audit has changed in the kernel. */
  readonly stateFolder: string;
  readonly clock: Clock;
  readonly log: (text: string) => void;
  /** Another way to the connector: tests stall it. */
  readonly openStream?: OpenProcessStream;
  readonly limits?: Partial<LineageLimits>;
  /** With it audit is of this user's programs alone. */
  readonly auditUid?: number;
}

/** Ticks of a start time in /proc: a hundred a second on every architecture Linux runs on, whatever its HZ (USER_HZ). */
const tickNs = 10_000_000;

/** Throws MonitorError where this is no Linux with node:ffi; what else is missing here is thrown by `start`, or said by `status`. */
export function openHostLineage(options: HostLineageOptions): Lineage {
  const { config, stateFolder, clock, log, limits } = options;
  if (process.platform !== 'linux') {
    throw new MonitorError('MONITOR_UNAVAILABLE', `the lineage needs Linux, this is ${process.platform}`);
  }
  const clocks = openHostClocks();
  const bootId = readBootId();
  const pidNamespace = readPidNamespace('self');
  const lineage = openLineage({
    config,
    bootId,
    clock,
    bootNs: clocks.bootNs,
    log,
    createGraph: (boot) => createLineageGraph({ bootId: boot, pidNamespace, tickNs, ...(limits ? { limits } : {}) }),
    openStore: () =>
      openLineageStore({
        path: join(stateFolder, 'lineage.db'),
        bootId,
        limits: config,
        nowMs: clock.nowMs,
        log,
      }),
    openSources: (hand) => openSources(hand, options, createHostTimes(clocks)),
  });
  return {
    ...lineage,
    start: async () => {
      // Whatever comes of this start: one without audit, or one that fails before audit is asked, would leave the rules of a run that was killed for ever.
      await restoreAudit({ stateFolder: auditFolder(stateFolder), log });
      await lineage.start();
    },
  };
}

/** What audit has changed in the kernel. */
function auditFolder(stateFolder: string): string {
  return join(stateFolder, 'audit');
}

function openSources(
  hand: SourceOptions,
  { config, stateFolder, clock, openStream = openProcessStream, auditUid }: HostLineageOptions,
  times: ReturnType<typeof createHostTimes>,
): Sources {
  const common = { ...hand, times };
  return {
    connector: createConnectorSource({ ...common, openStream }),
    ...(config.audit
      ? {
          audit: createAuditSource({
            ...common,
            stateFolder: auditFolder(stateFolder),
            clock,
            ...(auditUid === undefined ? {} : { uid: auditUid }),
          }),
        }
      : {}),
    ...(config.files.length > 0
      ? { files: createFanotifySource({ ...common, folders: config.files, ignoredFolders: [stateFolder] }) }
      : {}),
    proc: createProcSource(common),
  };
}
