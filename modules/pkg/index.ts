import { defineModule } from '../../src/module/define-module.ts';
import { params } from './params.ts';

export const pkg = defineModule({
  name: 'pkg',
  summary: 'Finds installed packages of dpkg, rpm and apk by name and version.',
  platforms: ['linux'],
  lacks: 'other systems have none of these databases, so it refuses to run there',
  examples: [
    { flags: "-name '^openssl$'", summary: 'which version of a package is installed' },
    {
      flags: "-name '^(openssl|libssl.*)$' -compare '>= 3.0' -compare '< 3.0.11-1~deb12u2'",
      summary: 'packages that a fix has not reached, by the rules of their distribution',
    },
    { flags: "-name '^linux-image-' -name '^kernel$' -name '^linux-lts$'", summary: 'the kernels of any distribution' },
    { flags: "-name '^python3' -version '!^3\\.11'", summary: 'by name, without the versions that match' },
    { flags: "-name '^(bash|busybox)$' -details=false", summary: "MIG's lines, without details" },
  ],
  params,
  failed: { elements: null, statistics: { execruntime: '0s' } },
  run: () => import('./run.ts'),
  printResults: () => import('./print-results.ts'),
});
