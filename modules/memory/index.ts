import { defineModule } from '../../src/module/define-module.ts';
import { noStatistics } from './elements.ts';
import { params } from './params.ts';

export const memory = defineModule({
  name: 'memory',
  summary:
    'Finds processes by name, library and what is in their memory; tells where it is, never what stands around it.',
  platforms: ['linux'],
  lacks: 'other systems have no /proc to read the memory of processes from, so it refuses to run there',
  examples: [
    {
      flags: "-name '/(node|bash|systemd)$' -lib '/libc[.-]'",
      summary: 'processes of three programs that use the C library',
    },
    {
      flags: "-name '/(sshd|bash|systemd)$' -content 'PATH=[^[:cntrl:]]*/bin' -maxaddresses 1",
      summary: 'which processes of three programs hold a search path, and where the first copy of it is',
    },
    {
      flags: "-pid 1 -bytes 7f454c460201 -lib '/memfd:|\\(deleted\\)' -matchany -maxaddresses 3",
      summary: 'headers of programs in the first process, and deleted files mapped into it, each reported by itself',
    },
  ],
  params,
  failed: { elements: {}, statistics: noStatistics },
  run: () => import('./run.ts'),
  printResults: () => import('./print-results.ts'),
  pivots: () => import('./pivots.ts'),
  enhancePrivacy: () => import('./enhance-privacy.ts'),
});
