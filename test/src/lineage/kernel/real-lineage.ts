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
  /** The lives of a pid that this parent gave it, oldest first: other programs of the host take and leave numbers, too. */
  readonly lives: (pid: number, parentPid?: number) => readonly ProcessNode[];
  /** The one of them. Throws where there are more, or none. */
  readonly only: (pid: number, parentPid?: number) => ProcessNode;
  /** The processes that a parent gave these numbers, in this order, when all have ended. A number that it gave twice has two lives. Throws where it has more. */
  readonly ended: (parentPid: number, pids: readonly number[]) => Promise<readonly ProcessNode[]>;
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
  const lives: RealLineage['lives'] = (pid, parentPid) =>
    graph.lives(pid).filter(({ birthParent }) => parentPid === undefined || birthParent?.pid === parentPid);
  const describeLives = (pid: number, count: number): Error => {
    const told = events.filter((event) => 'pid' in event && event.pid === pid);
    return new Error(
      `expected ${count} lives of ${pid}, got ${JSON.stringify(graph.lives(pid))} by ${JSON.stringify(told)}`,
    );
  };
  return {
    graph,
    events,
    connector,
    audit,
    proc,
    logged,
    lives,
    only: (pid, parentPid) => {
      const found = lives(pid, parentPid);
      const [life] = found;
      if (life && found.length === 1) return life;
      throw describeLives(pid, 1);
    },
    ended: async (parentPid, pids) => {
      const times = new Map<number, number>();
      for (const pid of pids) times.set(pid, (times.get(pid) ?? 0) + 1);
      // Each until it has ended, and not again: who waits shall not keep the lineage from listening.
      const open = new Map(times);
      await waitLong('the ends of all', () => {
        for (const [pid, count] of open) {
          const found = lives(pid, parentPid);
          if (found.length < count || found.some(({ end }) => end === undefined)) return false;
          open.delete(pid);
        }
        return true;
      });
      const found = new Map([...times.keys()].map((pid) => [pid, [...lives(pid, parentPid)]]));
      for (const [pid, count] of times) if (found.get(pid)?.length !== count) throw describeLives(pid, count);
      return pids.map((pid) => found.get(pid)?.shift() as ProcessNode);
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
