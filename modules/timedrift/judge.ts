import type { Verdict } from './elements.ts';

/** What a server's answer says: network minus local time, and how far that may be off. */
export interface Sample {
  readonly offsetMs: number;
  readonly errorMs: number;
}

export interface Judgement {
  readonly verdict: Verdict;
  /** Local minus network time, the median over those that agree; undefined when it cannot be told. */
  readonly driftMs: number | undefined;
  /** Per sample: whether the true time, as most tell it, lies within its bounds. */
  readonly agrees: readonly boolean[];
}

/**
 * The verdict of several servers. Each says that the true time lies in an interval; where most intervals meet is the truth (Marzullo's algorithm, RFC 5905
 * 11.2.1), and servers beside it are wrong. Without such a majority there is a verdict only when all say the same about the acceptable drift.
 */
export function judge(samples: readonly Sample[], acceptableMs: number): Judgement {
  const truth = findTruth(samples);
  const isMajority = truth !== undefined && truth.votes * 2 > samples.length;
  const agrees = samples.map(
    ({ offsetMs, errorMs }) => !isMajority || (offsetMs - errorMs <= truth.lowMs && offsetMs + errorMs >= truth.highMs),
  );
  if (samples.length === 0) return { verdict: 'unknown', driftMs: undefined, agrees };
  const driftMs = -median(samples.filter((_, at) => agrees[at]).map(({ offsetMs }) => offsetMs));
  const isWithin = Math.abs(driftMs) <= acceptableMs;
  if (isMajority) return { verdict: isWithin ? 'within' : 'outside', driftMs, agrees };
  const sides = new Set(samples.map(({ offsetMs }) => (Math.abs(offsetMs) <= acceptableMs ? 0 : Math.sign(offsetMs))));
  if (sides.size > 1) return { verdict: 'unknown', driftMs: undefined, agrees };
  return { verdict: sides.has(0) ? 'within' : 'outside', driftMs, agrees };
}

interface Truth {
  readonly lowMs: number;
  readonly highMs: number;
  readonly votes: number;
}

/** The stretch of time that lies in most intervals, the first of several. */
function findTruth(samples: readonly Sample[]): Truth | undefined {
  const edges = samples
    .flatMap(({ offsetMs, errorMs }) => [
      { atMs: offsetMs - errorMs, step: 1 },
      { atMs: offsetMs + errorMs, step: -1 },
    ])
    .toSorted((one, other) => one.atMs - other.atMs || other.step - one.step);
  let best: Truth | undefined;
  let votes = 0;
  edges.forEach(({ atMs, step }, index) => {
    votes += step;
    if (step === 1 && votes > (best?.votes ?? 0)) {
      best = { lowMs: atMs, highMs: edges[index + 1]?.atMs ?? atMs, votes };
    }
  });
  return best;
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  return ((sorted[Math.floor(middle)] ?? 0) + (sorted[Math.ceil(middle) - 1] ?? 0)) / 2;
}
