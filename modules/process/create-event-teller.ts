/** What who watches is told: so many events a second, then how many more there were. Gaps are always told. */
import type { Clock } from '../../src/base/clock.ts';
import { createRateLimit } from '../../src/base/rate-limit.ts';
import type { EventElement } from './elements.ts';

/** Characters of arguments that are told; the rest can be asked for. */
const maxArgCharacters = 2000;

export interface EventTeller {
  readonly tell: (event: EventElement) => void;
  /** Beyond any limit. */
  readonly tellAlways: (fields: Readonly<Record<string, unknown>>) => void;
  /** To be called again and again: tells how many were left out. */
  readonly tick: () => void;
  readonly leftOut: () => number;
}

export function createEventTeller(options: {
  readonly perSecond: number;
  readonly clock: Clock;
  readonly event: (fields: Readonly<Record<string, unknown>>) => void;
}): EventTeller {
  const { perSecond, clock, event } = options;
  const hasRoom = createRateLimit(perSecond, clock);
  let leftOut = 0;
  let untold = 0;
  return {
    tell: (one) => {
      if (hasRoom()) event(shorten(one));
      else {
        leftOut++;
        untold++;
      }
    },
    tellAlways: event,
    tick: () => {
      if (untold === 0) return;
      event({ event: 'left out', at: new Date(clock.nowMs()).toISOString(), count: untold });
      untold = 0;
    },
    leftOut: () => leftOut,
  };
}

function shorten(event: EventElement): Readonly<Record<string, unknown>> {
  const { n: _, ...fields } = event;
  let left = maxArgCharacters;
  const args = event.args?.filter((arg) => (left -= arg.length + 1) >= 0);
  if (!args || args.length === event.args?.length) return fields;
  // One argument alone may be longer than all that is told.
  const first = args.length === 0 ? [(event.args?.[0] ?? '').slice(0, maxArgCharacters)] : args;
  return { ...fields, args: first, cut: true };
}
