/** An event of the lineage for who watches it: "exec  4242 make (ann) of 4100: make -j2 all", "exit  4242 make: exit 2 after 3.2s", "GAP of connector: 120 events missed". The time stands in front already. */
import { asObject } from '../../src/base/as-object.ts';
import { line, type Line } from '../../src/module/line.ts';
import { formatDuration } from './format-values.ts';

export function printEvent(data: unknown): Line | undefined {
  const fields = asObject(data);
  if (!fields) return undefined;
  const { event, pid, parentPid, name, command, user, container } = fields;
  const who = `${text(pid)} ${text(name)}`;
  const where = container === undefined ? '' : ` [container ${text(container).slice(0, 12)}]`;
  if (event === 'birth') return line(`birth ${who} of ${text(parentPid)}${where}`, 'quiet');
  if (event === 'exec') {
    const by = user === undefined ? '' : ` (${text(user)})`;
    return line(`exec  ${who}${by} of ${text(parentPid)}: ${text(command ?? name)}${where}`, 'plain');
  }
  if (event === 'exit') return line(`exit  ${who}: ${describeEnd(fields)}${where}`, toneOfEnd(fields));
  if (event === 'correction') {
    return line(
      `late  ${who} of ${text(parentPid)}: ${text(command ?? name)}, ${describeEnd(fields)}${where}`,
      'quiet',
    );
  }
  if (event === 'gap') return printGap(fields);
  if (event === 'left out') return line(`${text(fields['count'])} more events came too fast to be told`, 'warning');
  return undefined;
}

type Fields = Readonly<Record<string, unknown>>;

function printGap({ source, drops, reason, from, until, repairedAt }: Fields): Line {
  const missed = typeof drops === 'number' ? `${drops} events missed` : 'events missed, nobody knows how many';
  const repaired = typeof repairedAt === 'string' ? `, right again since ${repairedAt}` : ', not repaired yet';
  const said = `GAP of ${text(source)}: ${missed} (${text(reason)}) from ${text(from)} to ${text(until)}${repaired}`;
  return line(said, typeof repairedAt === 'string' ? 'warning' : 'error');
}

function describeEnd({ code, signal, core, ms, ended }: Fields): string {
  const after = typeof ms === 'number' ? ` after ${formatDuration(ms)}` : '';
  if (signal !== undefined) return `${text(signal)}${core === true ? ' core' : ''}${after}`;
  if (code !== undefined) return `exit ${text(code)}${after}`;
  return ended === undefined ? 'running' : `gone${after}`;
}

function toneOfEnd({ code, signal }: Fields): Line['tone'] {
  // Lines of "warning" are shown whatever flood they come in: an exit with a code is an everyday thing.
  return signal === undefined && (code === 0 || code === undefined) ? 'quiet' : 'hit';
}

function text(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}
