/** The fold of the lineage: 1,000,000 events of a busy host in a process of its own, settled every half second as the engine does: `npm run bench lineage`. */
import { spawnSync } from 'node:child_process';
import { printFigure } from './measure.ts';

/** Of issue 5: 20,000 events a second, below 300 MB. */
const goal = { eventsPerSecond: 20_000, rssMb: 300 };

interface Measured {
  readonly added: number;
  readonly settled: number;
  readonly cpuMs: number;
  readonly doneMs: number;
  readonly rssMb: number;
}

export async function benchLineage(): Promise<void> {
  for (const order of ['in order', 'mixed up by half a second', 'in order, asked after each event']) {
    const program = new URL('lineage-load.ts', import.meta.url).pathname;
    const child = spawnSync(process.execPath, ['--max-old-space-size=512', program, order, '1000000'], {
      encoding: 'utf8',
    });
    if (child.status !== 0) throw new Error(`the load "${order}" failed: ${child.stderr}`);
    const measured = JSON.parse(child.stdout) as Measured;
    const rate = measured.added / (measured.doneMs / 1000);
    const cpuRate = measured.added / (measured.cpuMs / 1000);
    printFigure(
      `1,000,000 events ${order}`,
      `${Math.round(rate)}/s`,
      `${(rate / goal.eventsPerSecond).toFixed(1)} x the goal (${(cpuRate / goal.eventsPerSecond).toFixed(1)} x by a core's own time), ${measured.settled} processes settled`,
    );
    printFigure('  memory at most', `${measured.rssMb} MB`, `${(measured.rssMb / goal.rssMb).toFixed(2)} x the goal`);
  }
}
