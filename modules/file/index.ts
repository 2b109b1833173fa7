import { defineModule } from '../../src/module/define-module.ts';
import { params } from './params.ts';

export const file = defineModule({
  name: 'file',
  summary: 'Finds files by name, size, mode, time, content and checksum; tells where they are, never what is in them.',
  platforms: ['linux', 'darwin'],
  lacks: 'Windows has neither the modes nor the paths that its conditions speak of, so it refuses to run there',
  examples: [
    { flags: "-path /etc -name '^passwd$'", summary: 'the file named passwd below /etc' },
    {
      flags: "-path /etc -content '^root:[^:]*:0:' -maxdepth 1 -returnsha256",
      summary: 'files directly in /etc with a line for root, and their checksums',
    },
    {
      flags: "-path /etc -path /usr/bin -mode '^u' -mtime '<1y' -matchany",
      summary: 'everything setuid, and everything modified within a year, each reported by itself',
    },
  ],
  params,
  failed: { elements: {}, statistics: { filescount: 0, openfailed: 0, totalhits: 0, exectime: '' } },
  run: () => import('./run.ts'),
  printResults: () => import('./print-results.ts'),
  pivots: () => import('./pivots.ts'),
  enhancePrivacy: () => import('./enhance-privacy.ts'),
});
