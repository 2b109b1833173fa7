import { formatDuration } from '../../src/base/go-format.ts';
import { codes, type Attempt, type Statistics } from './elements.ts';

/** MIG's number for an attempt. */
export function latencyOf({ outcome, ms }: Attempt): number {
  if (outcome === 'reply') return ms ?? codes.failed;
  if (outcome === 'timeout') return codes.timeout;
  return outcome === 'refused' ? codes.refused : codes.failed;
}

/** The reasons of attempts that did not get through, each once, with the numbers of its attempts. */
export function failuresOf(attempts: readonly Attempt[]): readonly string[] {
  const byReason = new Map<string, number[]>();
  attempts.forEach(({ outcome, reason }, at) => {
    if (reason === undefined || outcome === 'refused') return;
    byReason.set(reason, [...(byReason.get(reason) ?? []), at + 1]);
  });
  return [...byReason].map(([reason, numbers]) => `${describeNumbers(numbers, attempts.length)}${reason}`);
}

/** Why attempts could not even be made: a matter of this host, not of the network. */
export function untried(attempts: readonly Attempt[]): readonly string[] {
  return [...new Set(attempts.flatMap(({ outcome, reason }) => (outcome === 'error' ? (reason ?? []) : [])))];
}

function describeNumbers(numbers: readonly number[], total: number): string {
  if (numbers.length === total) return '';
  return numbers.length === 1 ? `attempt ${numbers[0]}: ` : `${numbers.length} attempts from ${numbers[0]}: `;
}

/** `unanswered`: attempts that a stop ended while they waited. */
export function summarize(attempts: readonly Attempt[], unanswered: number, elapsedMs: number): Statistics {
  const times = attempts.flatMap(({ outcome, ms }) => (outcome === 'reply' && ms !== undefined ? [ms] : []));
  times.sort((a, b) => a - b);
  const ended = attempts.filter(({ outcome }) => outcome !== 'error').length;
  return {
    sent: ended + unanswered,
    received: times.length,
    ...(ended === 0 ? {} : { loss: Math.round(((ended - times.length) / ended) * 1000) / 10 }),
    ...spreadOf(times),
    exectime: formatDuration(elapsedMs),
  };
}

function spreadOf(ascending: readonly number[]): Pick<Statistics, 'min' | 'median' | 'max'> {
  const middle = ascending.length / 2;
  const [min] = ascending;
  const max = ascending.at(-1);
  const upper = ascending[Math.floor(middle)];
  const lower = ascending[Math.ceil(middle) - 1];
  if (min === undefined || max === undefined || lower === undefined || upper === undefined) return {};
  return { min, median: (lower + upper) / 2, max };
}
