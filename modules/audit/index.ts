import { defineModule } from '../../src/module/define-module.ts';
import { config, configExample } from './config.ts';
import { params } from './params.ts';

export const audit = defineModule({
  name: 'audit',
  summary: "Raises an alert for each event of the kernel's audit that its rules ask for, beside auditd.",
  platforms: ['linux'],
  lacks: 'other systems have no Linux audit, so it refuses to run there',
  examples: [
    { flags: '', summary: 'whether it listens, and how much it heard, told and missed' },
    { flags: '-rules', summary: 'the rules that the kernel has now' },
    { flags: '-recent 20', summary: 'the newest 20 events that were alerts' },
  ],
  params,
  run: () => import('./run.ts'),
  persistent: { config, isDefault: false, configExample, load: () => import('./persist.ts') },
  printResults: () => import('./print-results.ts'),
  enhancePrivacy: () => import('./enhance-privacy.ts'),
});
