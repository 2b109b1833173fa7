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
      summary: 'what would be done to process 4242; nothing is done',
      refused: true,
    },
    {
      flags: '-pid 4242 -version 0.0.1',
      summary: 'kill the gumshoe agent 0.0.1 that is process 4242, remove its launcher',
      refused: true,
    },
    {
      flags: '-pid 4194304 -version 20180807-0.c4d6a41.prod',
      summary: 'the same for an agent of MIG and its binary',
      refused: true,
    },
  ],
  params,
  run: () => import('./run.ts'),
  printResults: () => import('./print-results.ts'),
});
