import { defineModule } from '../../src/module/define-module.ts';
import { config, configExample } from './config.ts';
import { params } from './params.ts';

export const lineage = defineModule({
  name: 'lineage',
  summary: 'Tells who started a process, what it did and how it ended, as a tree, also when it is long gone.',
  platforms: ['linux'],
  lacks: 'other systems have no process connector to hear of processes from, so it refuses to run there',
  examples: [
    { flags: '', summary: 'what is heard, from which sources, what each lacks, how much is kept' },
    { flags: '-pid 1 -depth 1', summary: 'who started process 1, what it did, and its children' },
    { flags: '-name sshd', summary: 'every sshd with its ancestors above and its descendants below' },
    { flags: '-under sshd -from 10m', summary: 'what ran below sshd in the last ten minutes' },
    {
      flags: '-failed -from 1h -limit 100',
      summary: 'what ended with another code than 0, or by a signal, in the last hour',
    },
    { flags: '-wrote /etc/ -change created', summary: 'which processes created something below /etc' },
    { flags: '-at 10s -depth 2', summary: 'the tree as it was ten seconds ago' },
    { flags: '-gaps', summary: 'when events were missed, how many, and when the table was repaired' },
  ],
  params,
  run: () => import('./run.ts'),
  persistent: { config, isDefault: false, configExample, load: () => import('./persist.ts') },
  printResults: async () => ({ ...(await import('./print-results.ts')), ...(await import('./print-event.ts')) }),
  paramsCreator: () => import('./params-creator.ts'),
  enhancePrivacy: () => import('./enhance-privacy.ts'),
});
