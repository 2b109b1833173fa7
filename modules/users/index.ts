import { defineModule } from '../../src/module/define-module.ts';
import { params } from './params.ts';

export const users = defineModule({
  name: 'users',
  summary: 'Lists accounts with their groups, shells, passwords, rights to become root and last logins.',
  platforms: ['linux'],
  lacks: 'other systems keep their accounts elsewhere, so it refuses to run there',
  examples: [
    { flags: '-login', summary: 'who can log in' },
    { flags: '-sudo', summary: 'who may become root, and by which rule' },
    {
      flags: '-suspicious',
      summary: 'what is unusual or weak: a second root, empty passwords, keys others can change',
    },
    { flags: "-uid '>999' -lastlogin '<7d'", summary: 'people who logged in within a week' },
    { flags: "-login -lastlogin '>90d'", summary: 'accounts that can log in and have not for 90 days' },
    { flags: "-name '!^root$' -changed '<30d'", summary: 'passwords changed within 30 days, but for root' },
    { flags: "-group '^(sudo|wheel|docker)$' -listgroups", summary: 'members of powerful groups, and the groups' },
  ],
  params,
  run: () => import('./run.ts'),
  printResults: () => import('./print-results.ts'),
  enhancePrivacy: () => import('./enhance-privacy.ts'),
});
