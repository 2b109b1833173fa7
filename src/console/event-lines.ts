/** What watched modules tell, as lines: so many at a time, and how many more there were. */
import { line, type Line } from '../module/line.ts';
import { readAlertMessage } from '../protocol/alert.ts';
import type { ModuleEvent } from '../protocol/frame.ts';
import { toneOfSeverity } from './alert-feed.ts';
import { formatJson } from './results/write-format.ts';

/** More lines than this at once are counted instead. */
const maxLines = 500;
/** Of a text; JSON lines have all of it. */
const maxTextLength = 2000;

export interface EventLines {
  readonly add: (agent: string, event: ModuleEvent) => void;
  /** What came since the last call, and how many events were left out. */
  readonly take: () => {
    readonly events: readonly (readonly [agent: string, event: ModuleEvent])[];
    readonly missed: number;
  };
}

export function createEventLines(): EventLines {
  let events: (readonly [string, ModuleEvent])[] = [];
  let missed = 0;
  return {
    add: (agent, event) => {
      if (events.length < maxLines) events.push([agent, event]);
      else missed++;
    },
    take: () => {
      const taken = { events, missed };
      events = [];
      missed = 0;
      return taken;
    },
  };
}

export function formatEvent(agent: string, event: ModuleEvent): Line {
  const { kind, text } = event;
  const head = `${event.at}  ${agent}  ${kind}  `;
  if (kind !== 'alert') return line(head + text.slice(0, maxTextLength), kind === 'log' ? 'quiet' : 'plain');
  const alert = readAlertMessage(text);
  return line(`${head}${alert.severity}: ${alert.text.slice(0, maxTextLength)}`, toneOfSeverity[alert.severity]);
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
