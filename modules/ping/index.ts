import { defineModule } from '../../src/module/define-module.ts';
import { params } from './params.ts';

export const ping = defineModule({
  name: 'ping',
  summary: 'Tells whether the endpoint reaches a host by icmp, tcp or udp, and how long an answer takes.',
  platforms: ['linux', 'darwin', 'win32'],
  lacks: 'icmp works on linux only',
  examples: [
    { flags: '-d localhost', summary: 'does the endpoint answer itself by icmp?' },
    { flags: '-d localhost -p tcp -dp 22 -t 0.5', summary: 'is its ssh port open, closed, or silent?' },
    { flags: '-d ::1 -p udp -dp 53 -c 1 -t 0.25', summary: 'one datagram to its DNS port over IPv6' },
    { flags: '-d 127.0.0.1 -c 20 -i 0.01', summary: 'twenty echoes: min, median and max latency, and the loss' },
  ],
  params,
  run: () => import('./run.ts'),
  paramsCreator: () => import('./params-creator.ts'),
  printResults: () => import('./print-results.ts'),
  enhancePrivacy: () => import('./enhance-privacy.ts'),
});
