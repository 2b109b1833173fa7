import { defineModule } from '../../src/module/define-module.ts';
import { config, configExample } from './config.ts';
import { params } from './params.ts';

export const process = defineModule({
  name: 'process',
  summary: 'Hears every process of a host begin, execute and end, from the kernel, and says so where it missed some.',
  platforms: ['linux'],
  lacks: 'other systems have no process connector to hear of processes from, so it refuses to run there',
  examples: [
    { flags: '', summary: 'the newest 20 events: what was executed and with which arguments, what ended and how' },
    {
      flags: '-name ssh -kind exec -since 1h',
      summary: 'what was executed in the last hour whose name or path has "ssh" in it',
    },
    { flags: '-pid 1 -recent 100', summary: 'the newest 100 events of process 1 and of its children' },
    { flags: '-rates -health', summary: 'how many processes begin and end in a second, and how the monitor does' },
    { flags: '-kind gap -since 24h', summary: 'when events were missed, how many, and when that was repaired' },
  ],
  params,
  run: () => import('./run.ts'),
  persistent: { config, isDefault: false, configExample, load: () => import('./persist.ts') },
  printResults: async () => ({ ...(await import('./print-results.ts')), ...(await import('./print-event.ts')) }),
  pivots: () => import('./print-results.ts'),
  enhancePrivacy: () => import('./enhance-privacy.ts'),
});
