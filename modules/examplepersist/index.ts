import { defineModule } from '../../src/module/define-module.ts';
import { config, configExample } from './config.ts';
import { params } from './params.ts';

export const examplepersist = defineModule({
  name: 'examplepersist',
  summary: 'Echoes a text from a process that the agent keeps running. Copy it to write a persistent module.',
  platforms: ['linux', 'darwin'],
  lacks: 'other systems have no unix sockets to ask its process through, so it refuses to run there',
  examples: [
    { flags: '-echo hello', summary: 'a word, there and back' },
    { flags: "-echo 'two words'", summary: 'any text, quoted as in a shell' },
    { flags: '-echo=-v', summary: 'a text that begins with a dash' },
  ],
  params,
  run: () => import('./run.ts'),
  persistent: { config, isDefault: true, configExample, load: () => import('./persist.ts') },
  printResults: () => import('./print-results.ts'),
});
