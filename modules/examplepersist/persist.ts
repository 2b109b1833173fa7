import type { PersistContext, PersistHandlers } from '../../src/module/persist.ts';
import type { Config } from './config.ts';
import type { Params } from './params.ts';
import type { Elements, Statistics } from './run.ts';

const defaultIntervalS = 30;

/** The PersistRunner: writes the time to the agent's log every so often, and echoes what it is asked to. */
export async function persist({
  config,
  log,
  clock,
  signal,
}: PersistContext<Config>): Promise<PersistHandlers<Params, Elements, Statistics>> {
  let intervalS = config.interval;
  if (intervalS <= 0) {
    log(`interval: expected more than 0 seconds, got ${intervalS}: using ${defaultIntervalS}`);
    intervalS = defaultIntervalS;
  }
  const timer = setInterval(
    () => log(`the time is ${new Date(clock.nowMs()).toISOString()}`),
    Math.max(1, intervalS * 1000),
  );
  signal.addEventListener('abort', () => clearInterval(timer), { once: true });
  return {
    query: async ({ string = '' }) => ({ foundAnything: true, elements: { string }, statistics: null, errors: [] }),
  };
}
