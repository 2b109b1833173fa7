import { defineModule } from '../../src/module/define-module.ts';
import { params } from './params.ts';

export const timedrift = defineModule({
  name: 'timedrift',
  summary: "Tells an endpoint's local time, and how far it is off from what several NTP servers say.",
  platforms: ['linux', 'darwin', 'win32'],
  examples: [
    { flags: "-drift ''", summary: 'only the local time' },
    {
      flags: '-drift 5s -server localhost',
      summary: 'is it within 5 seconds of the NTP server on the endpoint itself?',
    },
    {
      flags: "-drift 250ms -server 127.0.0.1 -server '[::1]:123' -timeout 1",
      summary: 'two servers, a quarter of a second, and one second for them to answer',
    },
  ],
  params,
  run: () => import('./run.ts'),
  paramsCreator: () => import('./params-creator.ts'),
  printResults: () => import('./print-results.ts'),
  enhancePrivacy: () => import('./enhance-privacy.ts'),
});
