import { defineModule } from '../../src/module/define-module.ts';
import { params } from './params.ts';

export const agentrestart = defineModule({
  name: 'agentrestart',
  summary: 'Restarts the agent of an endpoint, or one of its persistent modules, and tells whether all is well again.',
  platforms: ['linux'],
  lacks: 'on other systems nothing tells safely that the old agent has ended, so it is not restarted',
  examples: [
    { flags: '', summary: 'restart the agent; it has 30 s to end by itself', refused: true },
    { flags: '-timeout 5', summary: 'the same, and what has not ended after 5 s is killed', refused: true },
    { flags: '-module examplepersist', summary: 'only the persistent module examplepersist', refused: true },
    { flags: '-module fswatch -timeout 60', summary: 'a module that needs a minute to save its state', refused: true },
  ],
  params,
  run: () => import('./run.ts'),
  printResults: () => import('./print-results.ts'),
  enhancePrivacy: () => import('./enhance-privacy.ts'),
});
