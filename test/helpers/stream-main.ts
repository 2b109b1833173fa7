/** Hears the process events of this host until it has heard an exec of its own making, and prints how that went: one line of JSON. */
import { spawnSync } from 'node:child_process';
import { reportOf } from '../../src/base/app-error.ts';
import { openProcessStream } from '../../src/monitor/open-process-stream.ts';
import { waitFor } from './wait-for.ts';

let execs = 0;
const startedMs = performance.now();
const stream = openProcessStream({
  onItems: (items) => {
    execs += items.filter(({ kind }) => kind === 'exec').length;
  },
});
try {
  await stream.start();
  spawnSync('/bin/true');
  await waitFor('an exec', () => execs > 0);
  const { receiveBufferBytes, gaps } = stream.health();
  await stream.stop();
  print({ isHeard: true, receiveBufferBytes, gaps });
} catch (error) {
  print({ isHeard: false, ...reportOf(error) });
}

function print(result: object): void {
  process.stdout.write(`${JSON.stringify({ ...result, tookMs: Math.round(performance.now() - startedMs) })}\n`);
}
