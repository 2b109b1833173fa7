/** Starts the monitor of this host's processes, and asks which of some have ended: prints how that went, one line of JSON. */
import { spawnSync } from 'node:child_process';
import { reportOf } from '../../src/base/app-error.ts';
import { findDeletedProcesses } from '../../src/monitor/find-deleted-processes.ts';
import { getProcessMonitor } from '../../src/monitor/get-process-monitor.ts';
import { waitFor } from './wait-for.ts';

const startedMs = performance.now();
const monitor = getProcessMonitor();
const heard = new Set<number>();
monitor.subscribeExec(({ process, origin }) => void (origin === 'event' && heard.add(process.pid)));
const report = async () => {
  try {
    await monitor.initialize();
    const { pid } = spawnSync('/bin/true');
    await waitFor('an exec', () => heard.has(pid));
    return { isHeard: true, hasFirst: monitor.processes().some(({ pid: one }) => one === 1) };
  } catch (error) {
    return { isHeard: false, ...reportOf(error), reason: monitor.telemetry().reason };
  } finally {
    await monitor.stop();
  }
};
const find = () => {
  try {
    return { deleted: [...findDeletedProcesses(new Map([[1, undefined]]))] };
  } catch (error) {
    return { deletedError: reportOf(error).code };
  }
};
const result = { ...(await report()), tookMs: Math.round(performance.now() - startedMs), ...find() };
process.stdout.write(`${JSON.stringify(result)}\n`);
