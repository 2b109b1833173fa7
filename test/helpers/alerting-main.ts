import { openSync, readFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { config, configExample } from '../../modules/examplepersist/config.ts';
import { params } from '../../modules/examplepersist/params.ts';
import { servePersist } from '../../src/agent/persistent/serve-persist.ts';
import { defineModule } from '../../src/module/define-module.ts';
import type { PersistContext } from '../../src/module/persist.ts';

/**
 * `-P` of a module that raises alerts with numbers, ALERTS_PER_TICK at once, at most a thousand a second. Its own record says before each which it will be, and
 * after it that it was raised: what stands there as raised must be told.
 */
const perTick = Number(process.env['ALERTS_PER_TICK'] ?? 1);
const module = defineModule({
  name: 'examplepersist',
  summary: 'Raises alerts with numbers.',
  platforms: ['linux'],
  examples: [],
  params,
  run: () => import('../../modules/examplepersist/run.ts'),
  printResults: () => import('../../modules/examplepersist/print-results.ts'),
  persistent: {
    config,
    isDefault: true,
    configExample,
    load: async () => ({
      persist: async ({ alert, stateFolder, signal }: PersistContext<unknown>) => {
        const path = join(stateFolder, 'record');
        const fd = openSync(path, 'a+');
        let n = 0;
        for (const [, begun] of readFileSync(path, 'latin1').matchAll(/begin (\d+)\n/g)) n = Number(begun);
        const timer = setInterval(
          () => {
            for (let i = 0; i < perTick; i++) {
              writeSync(fd, `begin ${++n}\n`);
              alert({ severity: 'low', alert: `number ${n}` });
              writeSync(fd, `raised ${n}\n`);
            }
          },
          Math.max(1, perTick),
        );
        signal.addEventListener('abort', () => clearInterval(timer), { once: true });
        return { query: () => Promise.reject(new Error('nobody asks')) };
      },
    }),
  },
});
await servePersist({ name: module.name, load: async () => module });
