/** Words of MIG, or of the design, that this version does not do: they say so instead of pretending. */
import { ConsoleError } from '../../base/app-error.ts';
import type { Command } from '../command.ts';
import type { Mode } from '../ports.ts';

const words: readonly (readonly [name: string, modes: readonly Mode[], summary: string])[] = [
  ['sign', ['launcher', 'base'], 'actions for agents of this console run without a signature'],
  ['compress', ['launcher'], 'parameters travel plain, compressed files load all the same'],
  ['investigator', ['base'], 'this case is of one account'],
  ['manifest', ['base'], 'there are no loaders, so there is nothing to sign for them'],
  ['loader', ['base'], 'agents are not installed by loaders'],
  ['query', ['base'], 'there is no API behind this console, "search" and "actions" read the case'],
  ['macros', ['base'], 'targets cannot be saved yet'],
];

export const notYet: readonly Command[] = words.map(([name, modes, summary]) => ({
  name,
  aliases: [],
  modes,
  summary: `(not in this version) ${summary}`,
  usage: name,
  examples: [],
  run: () => {
    throw new ConsoleError('NOT_YET', `${name}: ${summary}`);
  },
}));
