import { allModes, usageError, type Command } from '../command.ts';
import { splitPipes, type Grep, type Pipe } from '../pipes.ts';
import { parseFormat, type Format } from '../settings.ts';
import { currentPlace, type State } from '../state.ts';
import type { Word } from '../words.ts';

export const watch: Command = {
  name: 'watch',
  aliases: [],
  modes: allModes,
  summary: 'show what a persistent module tells, as it happens, until Ctrl-C',
  usage: 'watch MODULE [TARGET | -t TARGET] [--format text|jsonl] [| grep [-v] RE]',
  examples: [
    'watch process',
    'watch process local | grep -v sleep',
    "watch audit tags->>'env'='prod'",
    'watch fswatch --format jsonl',
  ],
  complete: (before, state) => {
    if (before.length === 0) return [{ kind: 'words', words: persistentModules(state) }];
    if (before.at(-1) === '|') return [{ kind: 'words', words: ['grep'] }];
    return [{ kind: 'agents' }, { kind: 'words', words: ['all', '-t', '--format', '| grep'] }];
  },
  run: (state, { words, raw }) => {
    const [module, ...behind] = words;
    if (!module) throw usageError(`expected a persistent module (${persistentModules(state).join(', ')}), got none`);
    const pipeAt = behind.findIndex(({ text, quoted }) => text === '|' && !quoted);
    const rest = pipeAt < 0 ? behind : behind.slice(0, pipeAt);
    const greps = pipeAt < 0 ? [] : splitPipes(behind.slice(pipeAt)).pipes.map(expectGrep);
    const place = currentPlace(state);
    let target = place.mode === 'agent' ? place.agent : 'all';
    let format: Format = state.settings.format === 'jsonl' ? 'jsonl' : 'text';
    for (let at = 0; at < rest.length;) {
      const word = rest[at];
      const option = word && parseOption(word);
      if (word && !option) {
        const next = rest.findIndex((one, place) => place > at && parseOption(one)?.name === 'format');
        const [to, last] = next < 0 ? [rest.length, rest.at(-1)] : [next, rest[next - 1]];
        const typed = raw.slice(word.from - module.from, (last?.to ?? word.to) - module.from);
        // The quotes of a condition belong to it; quotes around the whole do not.
        target = to - at === 1 && /^['"]/.test(typed) ? word.text : typed;
        at = to;
        continue;
      }
      const value = option?.inline ?? rest[at + 1]?.text;
      if (value === undefined) throw usageError(`${option?.name}: expected a value, got the end of the line`);
      if (option?.name === 't') target = value;
      else format = parseFormat(value);
      at += option?.inline === undefined ? 2 : 1;
    }
    if (format !== 'text' && format !== 'jsonl') throw usageError(`format: expected text or jsonl, got ${format}`);
    return [state, [{ kind: 'watch', module: module.text, target, format, greps }]];
  },
};

function parseOption({
  text,
  quoted,
}: Word): { readonly name: string; readonly inline: string | undefined } | undefined {
  const [, name, inline] = /^--?(t|format)(?:=(.*))?$/s.exec(text) ?? [];
  return name === undefined || (quoted && inline === undefined) ? undefined : { name, inline };
}

/** What goes on for ever has no first lines and no number. Throws ConsoleError COMMAND_USAGE. */
function expectGrep(pipe: Pipe): Grep {
  if (pipe.kind === 'grep') return pipe;
  throw usageError(`expected grep behind |, as what is watched has no end, got ${pipe.kind}`);
}

/** Those that the agents of this console keep. */
export function persistentModules(state: State): readonly string[] {
  return [...new Set(state.agents.flatMap(({ info }) => info?.persistent ?? []).map(({ name }) => name))].toSorted();
}
