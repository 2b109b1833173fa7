import type { Clock } from '../../src/base/clock.ts';

/** What was lost is told at once, then at most this often. */
const tellEveryMs = 30_000;

const lossWords = {
  leftout: 'were left out by the limit of alerts a second',
  missing: 'never came (their serials are missing)',
  lost: 'records were lost by the kernel, for all that read them',
  overruns: 'times the buffer for this agent was full',
} as const;

type Loss = keyof typeof lossWords;

export interface LossTeller {
  /** To be called again and again. */
  readonly tell: () => void;
  readonly tellNow: () => void;
}

/** Tells what was lost since it told last; exact sums over its life. */
export function createLossTeller(
  counts: Readonly<Record<Loss, number>>,
  clock: Clock,
  alert: (message: Readonly<Record<string, unknown>>) => void,
): LossTeller {
  const told = { leftout: 0, missing: 0, lost: 0, overruns: 0 };
  let nextMs = Number.NEGATIVE_INFINITY;
  const tellNow = (): void => {
    const names = Object.keys(lossWords) as Loss[];
    const since = names.filter((name) => counts[name] > told[name]);
    if (since.length === 0) return;
    const said = since.map((name) => `${counts[name] - told[name]} ${lossWords[name]}`);
    const numbers = Object.fromEntries(since.map((name) => [name, counts[name] - told[name]]));
    for (const name of names) told[name] = counts[name];
    nextMs = clock.monotonicMs() + tellEveryMs;
    alert({ severity: 'high', alert: `audit events are not all told: ${said.join('; ')}`, ...numbers });
  };
  return {
    tellNow,
    tell: (): void => {
      if (clock.monotonicMs() >= nextMs) tellNow();
    },
  };
}
