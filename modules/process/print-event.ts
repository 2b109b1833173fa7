/** An event for who watches: what the module's `event` was given. */
import { asObject } from '../../src/base/as-object.ts';
import { line, type Line, type Tone } from '../../src/module/line.ts';
import { describeEvent } from './describe-event.ts';

export function printEvent(data: unknown): Line | undefined {
  const fields = asObject(data);
  const text = fields && describeEvent(fields);
  return text === undefined ? undefined : line(text, toneOf(fields ?? {}));
}

/** Gaps, and what was left out, are shown whatever flood they come in. */
function toneOf({ event, signal, code }: Readonly<Record<string, unknown>>): Tone {
  if (event === 'gap') return 'error';
  if (event === 'repaired' || event === 'left out') return 'warning';
  if (event === 'exec') return 'plain';
  return event === 'exit' && (signal !== undefined || (code !== undefined && code !== 0)) ? 'hit' : 'quiet';
}
