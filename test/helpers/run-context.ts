import { systemClock } from '../../src/base/clock.ts';
import { silentLog } from '../../src/base/log.ts';
import type { RunContext } from '../../src/module/run.ts';

/** What a module runs with in a test; `hits` and `examined` hold what it told while it ran. */
export function createRunContext<Elements>(
  signal: AbortSignal = new AbortController().signal,
  persistSocket?: string,
): RunContext<Elements> & {
  readonly hits: readonly Elements[];
  readonly examined: readonly number[];
} {
  const hits: Elements[] = [];
  const examined: number[] = [];
  return {
    signal,
    clock: systemClock,
    log: silentLog,
    persistSocket,
    progress: { examined: (count) => void examined.push(count), hit: (fragment) => void hits.push(fragment) },
    hits,
    examined,
  };
}
