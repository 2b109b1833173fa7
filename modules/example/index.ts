import { defineModule } from '../../src/module/define-module.ts';
import { params } from './params.ts';

export const example = defineModule({
  name: 'example',
  summary: 'Tells the host name and addresses of an endpoint. Copy it to write a module.',
  platforms: ['linux', 'darwin', 'win32'],
  examples: [
    { flags: '-gethostname', summary: 'the name of the host' },
    { flags: '-getaddresses', summary: 'its addresses with their prefix lengths' },
    { flags: '-gethostname -lookuphost localhost', summary: 'its name, and what localhost resolves to there' },
  ],
  params,
  run: () => import('./run.ts'),
  paramsCreator: () => import('./params-creator.ts'),
  printResults: () => import('./print-results.ts'),
});
