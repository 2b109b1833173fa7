import { defineModule } from '../../src/module/define-module.ts';
import { params } from './params.ts';

export const agentdestroy = defineModule({
  name: 'agentdestroy',
  summary: 'Kills another agent of this host and removes its executable, after an upgrade; never runs what it removes.',
  platforms: ['linux'],
  lacks: 'other systems have no /proc to tell safely which agent a process is, so it refuses to run there',
  examples: [
    {
      flags: '-pid 4242 -version 0.0.1 -check',
      summary: 'look first: what would be done to the gumshoe agent 0.0.1 that is process 4242; nothing is done',
      refused: true,
    },
    {
      flags: '-pid 4242 -version 0.0.1',
      summary: 'the same in earnest: kill it and remove its launcher',
      refused: true,
    },
    {
      flags: '-pid 2718 -version 20180807-0.c4d6a41.prod -check',
      summary: 'an agent of MIG, of which the binary would be removed; nothing is done',
      refused: true,
    },
  ],
  params,
  run: () => import('./run.ts'),
  printResults: () => import('./print-results.ts'),
  enhancePrivacy: () => import('./enhance-privacy.ts'),
});
