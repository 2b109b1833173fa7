/** What watched modules tell, as lines: so many at a time, and how many more there were. */
import { asObject } from '../base/as-object.ts';
import { quoteWord } from '../module/flags.ts';
import { line, type Line } from '../module/line.ts';
import type { PrintEvent } from '../module/print.ts';
import { readAlertMessage } from '../protocol/alert.ts';
import type { ModuleEvent } from '../protocol/frame.ts';
import { isLostEvents } from '../protocol/lost-events.ts';
import { toneOfSeverity } from './alert-feed.ts';
import { formatJson } from './results/write-format.ts';

/** More lines than this at once are counted instead, but for what must not be overlooked, of which as many more are shown. */
const maxLines = 500;
/** Of a text; JSON lines have all of it. */
const maxTextLength = 2000;
const maxWords = 64;

/** How events are written, and which of them. */
export interface EventView {
  readonly format: 'text' | 'jsonl';
  /** Of the watched module, where it has one. */
  readonly printEvent?: PrintEvent | undefined;
  /** The lines that are wanted; absent = all. What must not be overlooked of a module's own events is shown all the same. */
  readonly matches?: ((text: string) => boolean) | undefined;
}

export interface EventLines {
  readonly add: (agent: string, event: ModuleEvent) => void;
  /** What came since the last call, and how many events were left out. JSON holds nothing hidden and is not to be made visible. */
  readonly take: () => { readonly lines: readonly Line[]; readonly missed: number };
}

export function createEventLines(view: EventView): EventLines {
  let lines: Line[] = [];
  let plain = 0;
  let urgent = 0;
  let missed = 0;
  return {
    add: (agent, event) => {
      // Also what there is no room for is looked at: it may be a gap.
      const printed = writeEvent(agent, event, view);
      if (printed === undefined) return;
      const count = isUrgent(printed) ? ++urgent : ++plain;
      if (count > maxLines) {
        missed++;
        return;
      }
      lines.push(printed);
    },
    take: () => {
      const taken = { lines, missed };
      [lines, plain, urgent, missed] = [[], 0, 0, 0];
      return taken;
    },
  };
}

function writeEvent(agent: string, event: ModuleEvent, { format, printEvent, matches }: EventView): Line | undefined {
  const printed = formatEvent(agent, event, printEvent);
  const written = format === 'text' ? printed : line(formatEventJson(agent, event), printed.tone);
  // A gap says that lines are missing, whichever were wanted; so does what was not told.
  if (event.kind !== 'alert' && isUrgent(printed)) return written;
  return matches && !matches(written.text) ? undefined : written;
}

function isUrgent({ tone }: Line): boolean {
  return tone === 'warning' || tone === 'error';
}

export function formatEvent(agent: string, event: ModuleEvent, printEvent?: PrintEvent): Line {
  const { kind, text } = event;
  if (kind === 'data') {
    const data = parse(text);
    return cut(`${timeOf(data) ?? event.at}  ${agent}  `, formatData(data, printEvent));
  }
  const head = `${event.at}  ${agent}  `;
  if (kind !== 'alert') return cut(`${head}${kind}  `, line(text, toneOf(event)));
  const alert = readAlertMessage(text);
  return cut(`${head}${kind}  ${alert.severity}: `, line(alert.text, toneOfSeverity[alert.severity]));
}

function toneOf({ kind, text }: ModuleEvent): Line['tone'] {
  if (kind !== 'log') return 'plain';
  return isLostEvents(text) ? 'warning' : 'quiet';
}

function cut(head: string, { text, tone }: Line): Line {
  return line(head + (text.length > maxTextLength ? `${text.slice(0, maxTextLength)}…` : text), tone);
}

/** By the module's own words; what breaks them, and what they leave, as words and values. */
function formatData(data: unknown, printEvent: PrintEvent | undefined): Line {
  try {
    const printed = printEvent?.(data);
    if (typeof printed?.text === 'string') return printed;
  } catch {
    // What a hostile agent sends may be of any shape: it is shown as it came.
  }
  return formatWords(data);
}

/** `exec pid=812 args="make -j2"`: the field "event" leads, then "text"; an alert's "severity" gives the tone. */
function formatWords(data: unknown): Line {
  if (typeof data !== 'object' || data === null || Array.isArray(data)) return line(wordOf(data));
  const { event, text, severity, at, ...others } = data as Readonly<Record<string, unknown>>;
  const fields = timeOf(data) === undefined ? { ...(at === undefined ? {} : { at }), ...others } : others;
  const known = typeof severity === 'string' && Object.hasOwn(toneOfSeverity, severity) ? severity : undefined;
  const entries = Object.entries(fields).filter(([, value]) => value !== null);
  const words = [
    ...(known === undefined ? [] : [`${known}:`]),
    ...[event, text].flatMap((one) => (typeof one === 'string' ? [one] : [])),
    ...entries.slice(0, maxWords).map(([key, value]) => `${key}=${wordOf(value)}`),
    ...(entries.length > maxWords ? [`and ${entries.length - maxWords} more`] : []),
  ];
  return line(words.join(' '), known === undefined ? 'plain' : toneOfSeverity[known as keyof typeof toneOfSeverity]);
}

/** When it happened, where the module says so in its field "at"; else it is when the agent heard of it. */
function timeOf(data: unknown): string | undefined {
  const at = asObject(data)?.['at'];
  return typeof at === 'string' && /^\d{4}-\d\d-\d\dT[\d:.]{5,18}Z$/.test(at) ? at : undefined;
}

function wordOf(value: unknown): string {
  if (Array.isArray(value) && value.every((one) => typeof one === 'string')) return quoteWord(value.join(' '));
  return typeof value === 'string' ? quoteWord(value) : (JSON.stringify(value) ?? '');
}

/** One line of JSON. `data` and alerts are mostly JSON themselves, and stand in it as such. */
export function formatEventJson(agent: string, { module, at, kind, text }: ModuleEvent): string {
  return formatJson({
    agent,
    module,
    at,
    kind,
    ...(kind === 'log' || kind === 'state' ? { text } : { data: parse(text) }),
  });
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // A module may tell any text.
    return text;
  }
}
