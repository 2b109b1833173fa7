import type { Progress } from '../module/run.ts';
import { formatModuleMessage } from '../protocol/module-message.ts';
import { collectFragments } from './collect-fragments.ts';

/** How often a module's process tells what it does, and how many hits it tells each time. */
const intervalMs = 100;
const maxHitsAtOnce = 1000;

/** A progress that can be told to say what it still holds. */
export interface StreamedProgress {
  readonly progress: Progress;
  readonly flush: () => void;
}

/**
 * Progress as messages: numbers and hits are gathered and written at most ten times a second, so that a module may call as often as it likes. It writes
 * when it is called, not by a timer: a module that keeps the event loop busy streams all the same. Hits beyond
 * maxBytes, or beyond a thousand at once, are counted, not streamed.
 */
export function streamProgress(options: {
  readonly write: (line: string) => void;
  readonly monotonicMs: () => number;
  readonly maxBytes: number;
}): StreamedProgress {
  let examined = 0;
  let found = 0;
  let held = collectFragments();
  let heldHits = 0;
  let streamedBytes = 0;
  let lastMs = -Infinity;
  let changed = false;

  const flush = (): void => {
    if (!changed) return;
    changed = false;
    lastMs = options.monotonicMs();
    if (heldHits > 0) {
      const line = formatModuleMessage({ class: 'hits', parameters: { elements: held.value() } });
      held = collectFragments();
      heldHits = 0;
      streamedBytes += line.length;
      options.write(line);
    }
    options.write(formatModuleMessage({ class: 'progress', parameters: { examined, found } }));
  };
  const touch = (): void => {
    changed = true;
    if (options.monotonicMs() - lastMs >= intervalMs) flush();
  };

  return {
    flush,
    progress: {
      examined: (count) => {
        examined = count;
        touch();
      },
      hit: (fragment) => {
        found++;
        if (streamedBytes < options.maxBytes && heldHits < maxHitsAtOnce) {
          held.add(fragment);
          heldHits++;
        }
        touch();
      },
    },
  };
}
