import type { Progress } from '../module/run.ts';
import { formatModuleMessage } from '../protocol/module-message.ts';
import { mergeFragments } from './merge-fragments.ts';

/** How often a module's process tells what it does. */
const intervalMs = 100;

/** A progress that can be told to say what it still holds. */
export interface StreamedProgress {
  readonly progress: Progress;
  readonly flush: () => void;
}

/**
 * Progress as messages: numbers and hits are gathered and written at most ten times a second, so that a module may call as often as it likes. It writes
 * when it is called, not by a timer: a module that keeps the event loop busy streams all the same. Hits beyond maxBytes are counted, not streamed.
 */
export function streamProgress(options: {
  readonly write: (line: string) => void;
  readonly monotonicMs: () => number;
  readonly maxBytes: number;
}): StreamedProgress {
  let examined = 0;
  let found = 0;
  let held: unknown;
  let streamedBytes = 0;
  let lastMs = -Infinity;
  let changed = false;

  const flush = (): void => {
    if (!changed) return;
    changed = false;
    lastMs = options.monotonicMs();
    if (held !== undefined) {
      const line = formatModuleMessage({ class: 'hits', parameters: { elements: held } });
      held = undefined;
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
        if (streamedBytes < options.maxBytes) held = mergeFragments(held, fragment);
        touch();
      },
    },
  };
}
