import { mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startPersistentModule } from '../helpers/persistent-module.ts';
import { printFigure } from './measure.ts';

const rounds = 20;
/** Of 1,000 at once, until both programs are warm. */
const warmRounds = 5;

/** Queries to a running examplepersist: how long each caller waits, from its connect to its answer, when so many ask at once. */
export async function benchPersist(): Promise<void> {
  const stateFolder = mkdtempSync(join(tmpdir(), 'gumshoe-bench-'));
  const persistent = await startPersistentModule({ name: 'examplepersist', stateFolder });
  try {
    const ask = createCaller(persistent.socket);
    for (let round = 0; round < warmRounds; round++) await many(ask, 1000);
    for (const callers of [1, 100, 1000]) {
      const times: number[] = [];
      const ends: number[] = [];
      for (let round = 0; round < rounds; round++) {
        const some = await many(ask, callers);
        times.push(...some);
        ends.push(at(some, 0.99));
      }
      const figures = [at(times, 0.5), at(times, 0.99), at(times, 1)].map((ms) => ms.toFixed(1));
      const target = callers === 1000 ? 'target: p99 below 100 ms' : '';
      printFigure(`${callers} at once: p50 / p99 / worst`, `${figures.join(' / ')} ms`, target);
      if (callers > 1) printFigure('  p99 of a middling round', `${at(ends, 0.5).toFixed(1)} ms`, target);
    }
  } finally {
    await persistent.stop();
    rmSync(stateFolder, { recursive: true });
  }
}

function at(times: readonly number[], part: number): number {
  const sorted = times.toSorted((one, other) => one - other);
  return sorted[Math.floor(part * (sorted.length - 1))] ?? NaN;
}

/**
 * A caller by hand, with as little work of its own as there is: it shares the host with the module. One buffer serves all callers, and a caller has its
 * answer when its last byte, the end of the line, has come.
 */
function createCaller(socketSpec: string): (text: string) => Promise<void> {
  const path = socketSpec.replace(/^unix:/, '');
  const buffer = Buffer.alloc(65_536);
  return (text) =>
    new Promise((resolve, reject) => {
      const take = (length: number): boolean => {
        const answer = buffer.toString('latin1', 0, length);
        if (answer.endsWith('\n') && answer.includes(`"elements":{"string":"${text}"}`)) resolve();
        else reject(new Error(`expected ${text} in one piece, got ${answer}`));
        return true;
      };
      const socket = connect({ path, onread: { buffer, callback: take } });
      socket.on('error', reject);
      socket.write(`{"class":"parameters","parameters":{"string":"${text}"}}\n`);
    });
}

function many(ask: (text: string) => Promise<void>, callers: number): Promise<readonly number[]> {
  return Promise.all(
    Array.from({ length: callers }, async (_, n) => {
      const fromMs = performance.now();
      await ask(String(n));
      return performance.now() - fromMs;
    }),
  );
}
