import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { systemClock } from '../../../src/base/clock.ts';
import { config as schema, type Config } from '../../../modules/fswatch/config.ts';
import type { Elements } from '../../../modules/fswatch/elements.ts';
import { persist } from '../../../modules/fswatch/persist.ts';
import { waitFor } from '../../helpers/wait-for.ts';
import type { PersistContext } from '../../../src/module/persist.ts';

export interface Told {
  readonly severity: string;
  readonly alert: string;
  readonly [key: string]: unknown;
}

/** A running fswatch, as the agent would start it, and what it told. */
export interface RunningWatch {
  readonly alerts: readonly Told[];
  readonly texts: () => readonly string[];
  readonly logs: readonly string[];
  readonly query: (params?: { readonly path?: string; readonly changes?: number }) => Promise<Elements>;
  /** Waits until this many alerts came, and nothing more is on its way. */
  readonly settled: (count: number) => Promise<readonly string[]>;
  readonly collected: () => Promise<void>;
  readonly stop: () => Promise<void>;
}

/** Starts it on a state folder that lasts from one start to the next. */
export async function startWatch(
  folder: string,
  settings: Partial<Config>,
  start: (context: PersistContext<Config>) => ReturnType<typeof persist> = persist,
  options: { readonly extraPrivacy?: boolean } = {},
): Promise<RunningWatch> {
  const stateFolder = join(folder, 'state');
  mkdirSync(stateFolder, { recursive: true });
  const alerts: Told[] = [];
  const logs: string[] = [];
  const ending = new AbortController();
  const handlers = await start({
    config: schema.parse({ settleMs: 100, pollSeconds: 1, ...settings }),
    host: { hostname: 'test', environment: {}, tags: {} },
    extraPrivacy: options.extraPrivacy ?? false,
    log: (message) => void logs.push(message),
    alert: (message) => void alerts.push(message as Told),
    event: () => undefined,
    signal: ending.signal,
    clock: systemClock,
    stateFolder,
  });
  const query: RunningWatch['query'] = async (params = {}) =>
    (await handlers.query({ path: undefined, changes: undefined, ...params }, { signal: ending.signal })).elements;
  const texts = (): readonly string[] => alerts.map(({ alert }) => alert);
  return {
    alerts,
    texts,
    logs,
    query,
    settled: async (count) => {
      await waitFor(
        `${count} alerts, got ${JSON.stringify(texts())} with ${JSON.stringify(logs)}`,
        () => alerts.length >= count,
        40_000,
      ).catch((error: unknown) => {
        throw new Error(`${String(error)}: got ${JSON.stringify(texts())}, logged ${JSON.stringify(logs)}`);
      });
      await waitFor('quiet', async () => {
        const { pending, untold } = await query();
        return pending === 0 && untold === 0;
      });
      return texts();
    },
    collected: async () => {
      await waitFor('all checksums', async () => (await query()).state === 'watching', 15_000);
    },
    stop: async () => {
      await handlers.stop?.();
      ending.abort();
    },
  };
}
