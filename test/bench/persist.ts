import { mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startPersistentModule } from '../helpers/persistent-module.ts';
import { printFigure } from './measure.ts';

const rounds = 20;

/** Queries to a running examplepersist: how long each caller waits, from its connect to its answer, when so many ask at once. */
export async function benchPersist(): Promise<void> {
  const stateFolder = mkdtempSync(join(tmpdir(), 'gumshoe-bench-'));
  const persistent = await startPersistentModule({ name: 'examplepersist', stateFolder });
  try {
    const ask = createCaller(persistent.socket);
    await many(ask, 1000);
    for (const callers of [1, 100, 1000]) {
      const times: number[] = [];
      for (let round = 0; round < rounds; round++) times.push(...(await many(ask, callers)));
      const sorted = times.toSorted((one, other) => one - other);
      const at = (part: number): string => (sorted[Math.floor(part * (sorted.length - 1))] ?? NaN).toFixed(1);
      const target = callers === 1000 ? 'target: p99 below 100 ms' : '';
      printFigure(`${callers} at once: p50 / p99 / worst`, `${at(0.5)} / ${at(0.99)} / ${at(1)} ms`, target);
    }
  } finally {
    await persistent.stop();
    rmSync(stateFolder, { recursive: true });
  }
}

/** A caller by hand, with as little work of its own as there is: it shares the host with the module. */
function createCaller(socketSpec: string): (text: string) => Promise<void> {
  const path = socketSpec.replace(/^unix:/, '');
  return (text) =>
    new Promise((resolve, reject) => {
      const socket = connect(path);
      let answer = '';
      socket.setEncoding('utf8');
      socket.on('error', reject);
      socket.on('data', (piece: string) => (answer += piece));
      socket.on('end', () => {
        if (answer.includes(`"elements":{"string":"${text}"}`)) resolve();
        else reject(new Error(`expected ${text}, got ${answer}`));
      });
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
