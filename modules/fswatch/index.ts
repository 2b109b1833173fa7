import { defineModule } from '../../src/module/define-module.ts';
import { config, configExample } from './config.ts';
import { params } from './params.ts';

export const fswatch = defineModule({
  name: 'fswatch',
  summary:
    'Watches files and folders from a process that the agent keeps running, and raises an alert for each change.',
  platforms: ['linux'],
  lacks: 'other systems have no inotify, so it refuses to run there',
  examples: [
    { flags: '', summary: 'whether it watches, what, and what changed last' },
    { flags: '-path /etc/passwd', summary: 'what the baseline knows about a file, its checksum too' },
    { flags: '-path /etc -changes 20', summary: 'the newest 20 changes of a folder and what is below it' },
  ],
  params,
  run: () => import('./run.ts'),
  persistent: { config, isDefault: true, configExample, load: () => import('./persist.ts') },
  printResults: () => import('./print-results.ts'),
  pivots: () => import('./pivots.ts'),
  enhancePrivacy: () => import('./enhance-privacy.ts'),
});
