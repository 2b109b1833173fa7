/** The sources with the real kernel and the real fold behind them. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { createLineageGraph } from '../../../../src/lineage/create-lineage-graph.ts';
import type { LineageEvent } from '../../../../src/lineage/lineage-event.ts';
import type { LineageGraph } from '../../../../src/lineage/lineage-graph.ts';
import type { OpenedSource } from '../../../../src/lineage/lineage-source.ts';
import type { ProcessNode } from '../../../../src/lineage/process-node.ts';
import { createAuditSource, type AuditSourceOptions } from '../../../../src/lineage/sources/audit-source.ts';
import { createConnectorSource } from '../../../../src/lineage/sources/connector-source.ts';
import { createHostTimes } from '../../../../src/lineage/sources/host-times.ts';
import { createProcSource, type ProcSource } from '../../../../src/lineage/sources/proc-source.ts';
import { readBootId } from '../../../../src/linux/proc/process-identity.ts';
import { readPidNamespace } from '../../../../src/linux/proc/read-process.ts';
import { openProcessStream } from '../../../../src/monitor/open-process-stream.ts';
import { openHostClocks } from '../../../../src/native/clock-calls.ts';
import { waitLong } from '../../../helpers/wait-for.ts';

export interface RealLineage extends AsyncDisposable {
  readonly graph: LineageGraph;
  readonly events: readonly LineageEvent[];
  readonly connector: OpenedSource;
  readonly audit: OpenedSource | undefined;
  readonly proc: ProcSource;
  readonly logged: readonly string[];
  /** The one life of a pid, or the one that this parent gave it: other programs of the host take and leave numbers, too. Throws where there are more, or none. */
  readonly only: (pid: number, parentPid?: number) => ProcessNode;
  /** Waits until the last thread of each has ended. */
  readonly ended: (pids: readonly number[]) => Promise<void>;
}

export type AuditOptions = Partial<AuditSourceOptions> & Pick<AuditSourceOptions, 'stateFolder'>;

/** Throws MonitorError where the kernel refuses. */
export async function startLineage(auditOptions?: AuditOptions): Promise<RealLineage> {
  const graph = createLineageGraph({
    bootId: readBootId(),
    pidNamespace: readPidNamespace('self'),
    tickNs: 10_000_000,
  });
  const events: LineageEvent[] = [];
  const logged: string[] = [];
  let streams = 0;
  const common = {
    times: createHostTimes(openHostClocks()),
    log: (text: string) => void logged.push(text),
    nextStream: () => ++streams,
    onEvents: (told: readonly LineageEvent[]) => {
      for (const event of told) {
        events.push(event);
        graph.add(event);
      }
    },
  };
  const connector = createConnectorSource({ ...common, openStream: openProcessStream });
  const proc = createProcSource(common);
  const audit = auditOptions && createAuditSource({ ...common, ...auditOptions });
  await connector.start();
  try {
    await audit?.start();
    await proc.start();
  } catch (error) {
    await connector.stop();
    throw error;
  }
  return {
    graph,
    events,
    connector,
    audit,
    proc,
    logged,
    only: (pid, parentPid) => {
      const lives = graph
        .lives(pid)
        .filter(({ birthParent }) => parentPid === undefined || birthParent?.pid === parentPid);
      const [life] = lives;
      if (!life || lives.length !== 1) throw new Error(`expected one life of ${pid}, got ${lives.length}`);
      return life;
    },
    ended: async (pids) => {
      await waitLong('the exits of all', () => {
        const over = new Set(
          events.flatMap((event) => (event.kind === 'exit' && event.tid === event.pid ? [event.pid] : [])),
        );
        return pids.every((pid) => over.has(pid));
      });
    },
    [Symbol.asyncDispose]: async () => {
      await proc.stop();
      await audit?.stop();
      await connector.stop();
    },
  };
}

const run = promisify(execFile);
const head = 'import os,sys,threading,time,ctypes,resource,signal\nlibc=ctypes.CDLL(None,use_errno=True)\n';

/** A program in Python, as root or as another user; what it printed. */
export async function runPython(program: string, { uid }: { readonly uid?: number } = {}): Promise<string> {
  const python = ['/usr/bin/python3', '-S', '-c', head + program];
  const argv = uid === undefined ? python : ['setpriv', `--reuid=${uid}`, '--clear-groups', ...python];
  const { stdout } = await run(argv[0] ?? '', argv.slice(1), { cwd: '/', maxBuffer: 64 * 1024 * 1024 });
  return stdout;
}

export function words(text: string): readonly string[] {
  return text.trim().split(/\s+/);
}

/**
 * Runs it with a lineage that has heard everything. On a host so busy that the kernel had to throw events away, which the connector says as a gap, it is run again: what is looked for may have
 * fallen into it. A failure without a gap is a failure.
 */
export async function withAllHeard(
  start: () => Promise<RealLineage>,
  body: (lineage: RealLineage) => Promise<void>,
): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    await using lineage = await start();
    try {
      await body(lineage);
      return;
    } catch (error) {
      const { gaps, drops } = lineage.connector.status();
      if (gaps === 0 || attempt === 3) throw error;
      console.log(`run again: the connector lost ${drops} events of this host in ${gaps} gaps`);
    }
  }
}
