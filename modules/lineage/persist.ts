import { openHostLineage } from '../../src/lineage/open-host-lineage.ts';
import { readUsers } from '../../src/linux/read-users.ts';
import type { PersistContext, PersistHandlers } from '../../src/module/persist.ts';
import { readConfig, type Config } from './config.ts';
import type { Elements, Statistics } from './elements.ts';
import type { Params } from './params.ts';
import { serveLineage } from './serve-lineage.ts';

/** The PersistRunner: hears of every process of this host, and keeps what it heard in its own folder. */
export async function persist(context: PersistContext<Config>): Promise<PersistHandlers<Params, Elements, Statistics>> {
  const { config, stateFolder, clock, log } = context;
  const lineage = openHostLineage({ config: readConfig(config), stateFolder, clock, log });
  return serveLineage(lineage, context, readUsers);
}
