import { defineModule } from '../../src/module/define-module.ts';
import { params } from './params.ts';

export const netstat = defineModule({
  name: 'netstat',
  summary: 'Finds addresses, neighbours, connections and listening ports, and the processes behind them.',
  platforms: ['linux'],
  lacks: 'other systems have no /proc to read sockets from, so it refuses to run there',
  examples: [
    { flags: '-lp 22', summary: 'who listens on port 22' },
    { flags: '-ci 10.0.0.0/8 -ci 2001:db8::/32', summary: 'connections to two networks' },
    { flags: '-ci 0.0.0.0/0 -ci ::/0 -namespaces=false', summary: 'every connection, of the own namespace only' },
    { flags: "-lm '^8c:70:' -nm '^8c:70:'", summary: 'interfaces and neighbours of one maker of network cards' },
    { flags: '-li 172.16.0.0/12 -ni 172.21.0.6', summary: 'own addresses in a network, and one neighbour' },
    { flags: '-lp 80 -lp 443 -processes=false', summary: 'two ports, without looking for processes: fastest' },
  ],
  params,
  run: () => import('./run.ts'),
  paramsCreator: () => import('./params-creator.ts'),
  printResults: () => import('./print-results.ts'),
  pivots: () => import('./pivots.ts'),
  enhancePrivacy: () => import('./enhance-privacy.ts'),
});
