import { defineModule } from '../../src/module/define-module.ts';
import { params } from './params.ts';

export const sshkey = defineModule({
  name: 'sshkey',
  summary: 'Finds SSH keys and certificates, tells their fingerprints and weaknesses, and which accounts they open.',
  platforms: ['linux', 'darwin'],
  lacks: 'Windows keeps keys and their rights in another way, so it refuses to run there',
  examples: [
    { flags: '-type authorizedkeys', summary: 'who may log in where: every authorized key and the accounts it opens' },
    {
      flags: '-path /home -path /root -maxdepth 2 -weak',
      summary: 'keys near the tops of homes that are too short, open to others, or private and without a password',
    },
    {
      flags: '-fingerprint SHA256:Inqm2j8yCfuEKIGBZY8M1i0U0atAH/9u1WAXHle4Qe0 -maxdepth 3',
      summary: 'where a known key lies, and what it opens',
    },
    {
      flags: '-path /etc/ssh -maxdepth 2 -type public -type certificate',
      summary: 'the public keys of the host itself',
    },
    { flags: '-path /root/.ssh -knownhosts', summary: 'the keys of root, and of the hosts it knows' },
  ],
  params,
  run: () => import('./run.ts'),
  printResults: () => import('./print-results.ts'),
  pivots: () => import('./pivots.ts'),
  enhancePrivacy: () => import('./enhance-privacy.ts'),
});
