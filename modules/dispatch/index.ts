import { defineModule } from '../../src/module/define-module.ts';
import { config, configExample } from './config.ts';
import { params } from './params.ts';

export const dispatch = defineModule({
  name: 'dispatch',
  summary: 'Sends the alerts of all modules on to a collector, by HTTP or syslog, from a queue on disk.',
  platforms: ['linux', 'darwin'],
  lacks: 'other systems have no unix sockets to ask its process through, so it refuses to run there',
  examples: [
    { flags: '', summary: 'whether it works: how much waits, what was sent, what went wrong last' },
    { flags: '-failed 10', summary: 'the newest ten alerts that a collector refused for good, and why' },
    { flags: '-again', summary: 'after the reason was mended: those that were refused are tried again' },
  ],
  params,
  run: () => import('./run.ts'),
  persistent: { config, isDefault: false, configExample, load: () => import('./persist.ts') },
  printResults: () => import('./print-results.ts'),
  enhancePrivacy: () => import('./enhance-privacy.ts'),
});
