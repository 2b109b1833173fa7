import { findModule, modules } from '../../../modules/index.ts';
import { ConsoleError } from '../../base/app-error.ts';
import { nearest } from '../../base/nearest.ts';
import { formatModuleHelp } from '../../module/help.ts';
import { line, type Line } from '../../module/line.ts';
import { allModes, expectAtMost, type Command } from '../command.ts';
import { listModules } from '../usage.ts';
import { findCommand } from '../find-command.ts';
import { currentMode } from '../state.ts';

/** The command `help`; it describes the list that it is part of. */
export function createHelp(commands: () => readonly Command[]): Command {
  return {
    name: 'help',
    aliases: ['?', '-h', '--help'],
    modes: allModes,
    summary: 'list the commands here, or explain one command or module',
    usage: 'help [COMMAND | MODULE | modules]',
    examples: ['help launch', 'help file', 'help modules'],
    complete: (before) => (before.length === 0 ? [{ kind: 'topics' }] : []),
    run: (state, { args }) => {
      expectAtMost(args, 1);
      const mode = currentMode(state);
      const [topic] = args;
      const lines = topic === undefined ? listCommands(commands(), mode) : explain(commands(), mode, topic);
      return [state, [{ kind: 'print', lines }]];
    },
  };
}

function listCommands(commands: readonly Command[], mode: Command['modes'][number]): readonly Line[] {
  const here = commands.filter((command) => command.modes.includes(mode));
  const width = Math.max(...here.map(({ name }) => name.length));
  return [
    line(`commands of mode ${mode}; the beginning of a name is enough`, 'heading'),
    ...here
      .toSorted((a, b) => (a.name < b.name ? -1 : 1))
      .map(({ name, summary }) => line(`  ${name.padEnd(width)}  ${summary}`)),
    line('"help COMMAND" shows its usage, "help MODULE" its parameters, "help modules" all modules', 'quiet'),
  ];
}

function explain(commands: readonly Command[], mode: Command['modes'][number], topic: string): readonly Line[] {
  if (topic === 'modules') return listModules();
  const here = commands.filter((command) => command.modes.includes(mode));
  const exact = [...here, ...commands].find((command) => command.name === topic || command.aliases.includes(topic));
  if (exact) return describeCommand(exact);
  const module = findModule(topic);
  if (module) return formatModuleHelp(module);
  try {
    return describeCommand(findCommand(commands, mode, topic));
  } catch (cause) {
    const near = nearest(topic, [...here.map(({ name }) => name), ...modules.map(({ name }) => name)]);
    throw new ConsoleError(
      'COMMAND_UNKNOWN',
      `${JSON.stringify(topic.slice(0, 60))} is no command and no module${near ? `: did you mean ${near}?` : ''}`,
      { cause },
    );
  }
}

function describeCommand(command: Command): readonly Line[] {
  return [
    line(`${command.name}: ${command.summary}`, 'heading'),
    line(`usage: ${command.usage}`),
    ...command.examples.map((example) => line(`  ${example}`)),
    ...(command.aliases.length === 0 ? [] : [line(`also: ${command.aliases.join(', ')}`, 'quiet')]),
    ...(command.modes.length === allModes.length ? [] : [line(`in: ${command.modes.join(', ')}`, 'quiet')]),
  ];
}
