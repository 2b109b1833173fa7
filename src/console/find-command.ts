import { ConsoleError } from '../base/app-error.ts';
import { nearest } from '../base/nearest.ts';
import type { Module } from '../module/define-module.ts';
import { findModule } from '../../modules/index.ts';
import type { Command } from './command.ts';
import type { Mode } from './ports.ts';

/**
 * The command that a word means in a mode: its name or alias, or the beginning of one name alone.
 * Throws ConsoleError COMMAND_UNKNOWN that names the nearest command, or where the word belongs.
 */
export function findCommand(commands: readonly Command[], mode: Mode, typed: string): Command {
  const word = typed.toLowerCase();
  const here = commands.filter((command) => command.modes.includes(mode));
  const exact = here.find((command) => command.name === word || command.aliases.includes(word));
  if (exact) return exact;
  const begun = here.filter((command) => word !== '' && command.name.startsWith(word));
  const [only] = begun;
  if (only && begun.length === 1) return only;
  if (begun.length > 1) {
    throw unknown(`${JSON.stringify(typed)} may mean ${begun.map(({ name }) => name).join(', ')}`);
  }
  const elsewhere = commands.find((command) => command.name === word || command.aliases.includes(word));
  if (elsewhere) {
    throw unknown(`${word} is no command of mode ${mode}: it belongs to ${elsewhere.modes.join(', ')}`);
  }
  const module = findModule(word);
  if (module)
    throw unknown(`${module.name} is a module: "help ${module.name}" tells about it; ${howToAsk(module, mode)}`);
  const near = nearest(
    word,
    here.flatMap(({ name, aliases }) => [name, ...aliases.filter((alias) => alias.length > 2)]),
  );
  throw unknown(
    `${JSON.stringify(typed.slice(0, 60))} is no command of mode ${mode}${near ? `: did you mean ${near}?` : ''}`,
  );
}

function howToAsk({ name }: Module, mode: Mode): string {
  return mode === 'launcher' ? `"add ${name}" asks it` : `"create action" and then "add ${name}" ask it`;
}

function unknown(message: string): ConsoleError {
  return new ConsoleError('COMMAND_UNKNOWN', message);
}
