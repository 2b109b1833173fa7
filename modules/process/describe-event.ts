/** An event in words. What came from an endpoint may be of any shape. */
import { quoteWord } from '../../src/module/flags.ts';

type Fields = Readonly<Record<string, unknown>>;

const maxWordsLength = 4000;

/** "exec 4242 of 700: make -j2", "exit 4242 make: code 2 after 1.204s", "fork 4243 of 4242 make", "GAP: ..."; undefined for anything else. */
export function describeEvent(fields: Fields): string | undefined {
  const { event, pid, ppid, name, reconciled } = fields;
  const found = reconciled === true ? ' (found in /proc after a gap)' : '';
  const of = ppid === undefined ? '' : ` of ${word(ppid)}`;
  if (event === 'exec') return `exec ${word(pid)}${of}: ${command(fields)}${found}`;
  if (event === 'exit') return `exit ${word(pid)} ${nameOf(name)}: ${describeEnd(fields)}${found}`;
  if (event === 'fork') return `fork ${word(pid)}${of} ${nameOf(name)}${found}`;
  if (event === 'gap') return describeGap(fields);
  if (event === 'repaired')
    return `GAP repaired from /proc at ${word(fields['repairedat'])}: ${describeRepair(fields)}`;
  if (event === 'left out') return `${word(fields['count'])} more events came too fast to be told`;
  return undefined;
}

function describeEnd({ code, signal, core, ms }: Fields): string {
  const after = typeof ms === 'number' ? ` after ${formatSeconds(ms)}` : '';
  if (signal !== undefined) return `signal ${word(signal)}${core === true ? ', core dumped' : ''}${after}`;
  return code === undefined ? `gone, nobody heard how${after}` : `code ${word(code)}${after}`;
}

function describeGap(fields: Fields): string {
  const { drops, reason, from, until, repairedat } = fields;
  const missed = typeof drops === 'number' ? `${drops} events missed` : 'events missed, nobody knows how many';
  const repaired =
    repairedat === undefined
      ? 'not repaired yet'
      : `repaired from /proc at ${word(repairedat)}: ${describeRepair(fields)}`;
  return `GAP: ${missed} (${word(reason)}) from ${word(from)} to ${word(until)}, ${repaired}`;
}

function describeRepair({ execs, exits }: Fields): string {
  return `${word(execs)} executed and ${word(exits)} ended meanwhile`;
}

/** The arguments as they could be typed, and the executable where they are not known. */
function command({ args, executable, name, cut }: Fields): string {
  const more = cut === true ? ' ...' : '';
  if (Array.isArray(args) && args.length > 0) {
    const words = args.map((arg) => quoteWord(String(arg))).join(' ');
    return (words.length > maxWordsLength ? `${words.slice(0, maxWordsLength)} ...` : words) + more;
  }
  if (typeof executable === 'string') return executable;
  return typeof name === 'string'
    ? `${name} (gone before its arguments could be read)`
    : 'gone before anybody could look';
}

function nameOf(name: unknown): string {
  return typeof name === 'string' ? quoteWord(name) : '?';
}

function formatSeconds(ms: number): string {
  return ms < 1000 ? `${Math.round(ms * 10) / 10} ms` : `${Math.round(ms) / 1000} s`;
}

function word(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '?';
}
