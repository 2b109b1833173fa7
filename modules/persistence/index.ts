import { defineModule } from '../../src/module/define-module.ts';
import { params } from './params.ts';

export const persistence = defineModule({
  name: 'persistence',
  summary: 'Lists the points from which code starts again, and whether packages agree with their files.',
  platforms: ['linux'],
  lacks: 'other systems start code in other ways, so it refuses to run there',
  examples: [
    {
      flags: '-suspicious',
      summary: 'what is unusual: writable by others, in /tmp, decoding base64, not as its package made it',
    },
    { flags: '-unpackaged -enabled', summary: 'what starts by itself and is of no package, or changed' },
    { flags: "-changed '<7d'", summary: 'what was modified within a week' },
    { flags: '-kind cron -kind timer -kind at', summary: 'everything that starts by the clock' },
    { flags: "-kind systemd -name '^ssh' -user '^root$'", summary: 'units of ssh that root runs' },
    {
      flags: "-command 'curl|wget|base64' -path '!^/usr/'",
      summary: 'commands that download or decode, but for programs in /usr',
    },
  ],
  params,
  run: () => import('./run.ts'),
  printResults: () => import('./print-results.ts'),
  pivots: () => import('./pivots.ts'),
  enhancePrivacy: () => import('./enhance-privacy.ts'),
});
