/** Words of MIG, or of the design, that this version does not do: they say so instead of pretending. */
import { ConsoleError } from '../../base/app-error.ts';
import type { Command } from '../command.ts';
import type { Mode } from '../ports.ts';

const words: readonly (readonly [name: string, modes: readonly Mode[], summary: string])[] = [
  ['sign', ['launcher', 'base'], 'sign an action: actions for agents of this console run without a signature'],
  ['compress', ['launcher'], 'compress parameters: they travel plain, compressed files load all the same'],
  ['investigator', ['base'], 'read about an investigator: this case is of one account'],
  ['manifest', ['base'], 'manifests of loaders'],
  ['loader', ['base'], 'loaders of agents'],
  ['query', ['base'], 'ask an API: this console has none behind it, "search" and "actions" read the case'],
  ['macros', ['base'], 'saved targets'],
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
