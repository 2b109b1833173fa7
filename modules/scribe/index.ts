import { defineModule } from '../../src/module/define-module.ts';
import { params } from './params.ts';

/** As an investigator types it: quotes of the shell around JSON. */
const document = (objects: string, tests: string): string => `-document '{"objects":[${objects}],"tests":[${tests}]}'`;

export const scribe = defineModule({
  name: 'scribe',
  summary:
    'Checks a policy document on the endpoint: versions of packages, lines and names of files, and what depends on them.',
  platforms: ['linux'],
  lacks:
    'other systems have neither the package databases nor the paths that documents speak of, so it refuses to run there',
  examples: [
    {
      flags: document('{"object":"bash","package":{"name":"bash"}}', '{"test":"has-bash","object":"bash"}'),
      summary: 'whether the package bash is installed',
    },
    {
      flags: `${document(
        '{"object":"libc","package":{"name":"libc6"}}',
        '{"test":"old-libc","object":"libc","evr":{"operation":"<","value":"2.38-1"}}',
      )} -distribution -human`,
      summary: "whether libc6 is older than a version, by the distribution's own rules, as a block of lines",
    },
    {
      flags: `${document(
        '{"object":"root","hasline":{"path":"/etc","file":"^passwd$","expression":"^root:[^:]*:0:"}}',
        '{"test":"has-root","object":"root","exactmatch":{"value":"true"}}',
      )} -onlytrue`,
      summary: 'files named passwd below /etc with a line for root, only if there is one',
    },
    {
      flags: `${document(
        '{"object":"os","filecontent":{"path":"/etc","file":"^os-release$","expression":"^ID=([a-z]+)"}}',
        '{"test":"debian","object":"os","regexp":{"value":"^(debian|ubuntu)$"}}',
      )} -json`,
      summary: 'whether /etc/os-release tells of Debian or Ubuntu, as JSON',
    },
  ],
  params,
  run: () => import('./run.ts'),
  printResults: () => import('./print-results.ts'),
  enhancePrivacy: () => import('./enhance-privacy.ts'),
});
