import { allModes, usageError, type Command } from '../command.ts';
import { parseFormat, type Format } from '../settings.ts';
import { currentPlace, type State } from '../state.ts';

export const watch: Command = {
  name: 'watch',
  aliases: [],
  modes: allModes,
  summary: 'show what a persistent module tells, as it happens, until Ctrl-C',
  usage: 'watch MODULE [TARGET] [-t TARGET] [--format text|jsonl]',
  examples: ['watch fswatch', 'watch fswatch local', "watch audit tags->>'env'='prod'", 'watch fswatch --format jsonl'],
  complete: (before, state) =>
    before.length === 0
      ? [{ kind: 'words', words: persistentModules(state) }]
      : [{ kind: 'agents' }, { kind: 'words', words: ['all', '-t', '--format'] }],
  run: (state, { words, raw }) => {
    const [module, ...rest] = words;
    if (!module) throw usageError(`expected a persistent module (${persistentModules(state).join(', ')}), got none`);
    const place = currentPlace(state);
    let target = place.mode === 'agent' ? place.agent : 'all';
    let format: Format = state.settings.format === 'jsonl' ? 'jsonl' : 'text';
    for (let at = 0; at < rest.length; at++) {
      const word = rest[at];
      const [, option, inline] = /^--?(t|format)(?:=(.*))?$/s.exec(word?.text ?? '') ?? [];
      if (option === undefined && word) {
        // The quotes of a condition belong to it; quotes around the whole do not.
        target =
          rest.length === 1 && /^['"]/.test(raw.slice(word.from - module.from))
            ? word.text
            : raw.slice(word.from - module.from);
        break;
      }
      const value = inline ?? rest[++at]?.text;
      if (value === undefined) throw usageError(`${option}: expected a value, got the end of the line`);
      if (option === 't') target = value;
      else format = parseFormat(value);
    }
    if (format !== 'text' && format !== 'jsonl') throw usageError(`format: expected text or jsonl, got ${format}`);
    return [state, [{ kind: 'watch', module: module.text, target, format }]];
  },
};

/** Those that the agents of this console keep. */
export function persistentModules(state: State): readonly string[] {
  return [...new Set(state.agents.flatMap(({ info }) => info?.persistent ?? []).map(({ name }) => name))].toSorted();
}
