import { messageOf, MonitorError } from '../../src/base/app-error.ts';
import { keepHeapSmall } from '../../src/lineage/engine/keep-heap-small.ts';
import { openHostLineage } from '../../src/lineage/open-host-lineage.ts';
import { readUsers } from '../../src/linux/read-users.ts';
import type { PersistContext, PersistHandlers } from '../../src/module/persist.ts';
import { readConfig, type Config } from './config.ts';
import type { Elements, Statistics } from './elements.ts';
import type { Params } from './params.ts';
import { serveLineage } from './serve-lineage.ts';

/** The PersistRunner: hears of every process of this host, and keeps what it heard in its own folder. Throws MonitorError where the kernel does not tell it. */
export async function persist(context: PersistContext<Config>): Promise<PersistHandlers<Params, Elements, Statistics>> {
  const { config, stateFolder, clock, log } = context;
  try {
    keepHeapSmall();
    const lineage = openHostLineage({ config: readConfig(config), stateFolder, clock, log });
    return await serveLineage(lineage, context, readUsers);
  } catch (error) {
    if (!(error instanceof MonitorError) || error.code !== 'MONITOR_UNAVAILABLE') throw error;
    throw new MonitorError('MONITOR_UNAVAILABLE', `the kernel refuses it: ${messageOf(error)}`, { cause: error });
  }
}
