import { messageOf, MonitorError } from '../../src/base/app-error.ts';
import type { PersistContext, PersistHandlers } from '../../src/module/persist.ts';
import { getProcessMonitor } from '../../src/monitor/get-process-monitor.ts';
import type { Config } from './config.ts';
import type { Elements, Statistics } from './elements.ts';
import type { Params } from './params.ts';
import { serveProcesses } from './serve-processes.ts';

/** The PersistRunner: hears every process of the host. Throws MonitorError where the kernel does not tell it. */
export async function persist(context: PersistContext<Config>): Promise<PersistHandlers<Params, Elements, Statistics>> {
  try {
    return await serveProcesses(getProcessMonitor(), context, () => Number(process.hrtime.bigint()));
  } catch (error) {
    if (!(error instanceof MonitorError) || error.code !== 'MONITOR_UNAVAILABLE') throw error;
    throw new MonitorError('MONITOR_UNAVAILABLE', `the kernel refuses it: ${messageOf(error)}`, { cause: error });
  }
}
