import { setTimeout } from 'node:timers/promises';
import { servePersist } from '../../src/agent/persistent/serve-persist.ts';
import { defineModule } from '../../src/module/define-module.ts';
import { config, configExample } from '../../modules/examplepersist/config.ts';
import { params } from '../../modules/examplepersist/params.ts';
import { persist } from '../../modules/examplepersist/persist.ts';

const stopTakesMs = Number(process.env['STOP_TAKES_MS']);

const load = async () => ({
  persist: async (context: Parameters<typeof persist>[0]) => {
    if (stopTakesMs < 0) throw new Error('there is no room for it');
    return { ...(await persist(context)), stop: () => setTimeout(stopTakesMs) };
  },
});

/** examplepersist, whose stop takes its time: `STOP_TAKES_MS=500 node test/helpers/slow-stop-main.ts`. Alone it is given 100 ms. Below 0 it does not start. */
await servePersist({
  name: 'examplepersist',
  load: async () =>
    defineModule({
      name: 'examplepersist',
      summary: 'Echoes a text, and stops slowly.',
      platforms: ['linux'],
      examples: [],
      params,
      run: () => import('../../modules/examplepersist/run.ts'),
      persistent: { config, isDefault: true, configExample, load },
      printResults: () => import('../../modules/examplepersist/print-results.ts'),
    }),
  limits: { configMs: 30_000, stopMs: 100, flushMs: 5000, endS: 60, silenceS: 120 },
});
