import { defineModule } from '../../src/module/define-module.ts';
import { params } from './params.ts';

export const yara = defineModule({
  name: 'yara',
  summary: 'Scans files with YARA rules; tells which rules match and at which offsets, never what stands there.',
  platforms: ['linux', 'darwin'],
  lacks:
    'its engine is an optional package that npm has for Linux (x64, glibc) and macOS; elsewhere it says so and does nothing',
  examples: [
    {
      flags: `-yara 'rule root { strings: $a = "root:" condition: $a at 0 }' -path /etc -name '^passwd'`,
      summary: 'the files named passwd... below /etc that begin with root:',
    },
    {
      flags: "-yara 'rule large { condition: filesize > limit }' -external limit=2000 -path /etc -maxdepth 1",
      summary: 'files directly in /etc of more than 2000 bytes, the number being given beside the rules',
    },
    {
      flags: `-yara 'import "elf" rule program { condition: elf.type == elf.ET_EXEC or elf.type == elf.ET_DYN }' -files '-path /usr/bin -name ^ls$ -maxdepth 1'`,
      summary: "whether ls is an ELF program, the files chosen in MIG's form",
    },
  ],
  params,
  run: () => import('./run.ts'),
  printResults: () => import('./print-results.ts'),
  pivots: () => import('./pivots.ts'),
  enhancePrivacy: () => import('./enhance-privacy.ts'),
});
