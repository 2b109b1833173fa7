/**
 * Who changed which files, beside inotifywait (which does not know who) and fatrace (which does not know when a directory lay elsewhere): `npm run bench file-events`.
 * Each hears of the same changes in a round of its own; the rate is that of the load, a process that creates, writes, renames and deletes files as fast as it is asked to.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import type { LineageEvent } from '../../src/lineage/lineage-event.ts';
import { createFanotifySource } from '../../src/lineage/sources/fanotify-source.ts';
import { createHostTimes } from '../../src/lineage/sources/host-times.ts';
import { openHostClocks } from '../../src/native/clock-calls.ts';
import { mountOwnFolder } from '../src/lineage/sources/watch-files.ts';
import { printFigure } from './measure.ts';

const seconds = 3;
/** Changes a second that are asked for: four to a file. */
const rates = [1000, 10_000, 40_000] as const;

/** Creates, writes, renames and deletes files in ticks of 10 ms, and says how many of each it did in which time. */
const load = `
  const { closeSync, openSync, renameSync, unlinkSync, writeSync } = require('node:fs');
  const [folder, rate, seconds] = [process.argv[1], Number(process.argv[2]), Number(process.argv[3])];
  let done = 0;
  const started = performance.now();
  const pause = new Int32Array(new SharedArrayBuffer(4));
  for (;;) {
    const passed = (performance.now() - started) / 1000;
    if (passed > seconds) break;
    while (done * 4 < passed * rate) {
      const file = openSync(folder + '/f' + done, 'w');
      writeSync(file, 'x');
      closeSync(file);
      renameSync(folder + '/f' + done, folder + '/g' + done);
      unlinkSync(folder + '/g' + done);
      done++;
    }
    Atomics.wait(pause, 0, 0, 10);
  }
  console.log(JSON.stringify({ files: done, ms: performance.now() - started }));
`;

interface Load {
  readonly files: number;
  readonly ms: number;
}

export async function benchFileEvents(): Promise<void> {
  if (process.getuid?.() !== 0) {
    process.stdout.write('skipped: fanotify needs root\n');
    return;
  }
  // A file system of its own: what else goes on at this host is no part of the measurement, but for fatrace, which hears of all.
  const { folder, remove } = mountOwnFolder();
  try {
    for (const rate of rates) {
      await measureSource(folder, rate);
      await measureTool('inotifywait', ['-q', '-m', '-r', folder], folder, rate);
      await measureTool('fatrace', ['-f', 'CW+D<>'], folder, rate);
    }
  } finally {
    remove();
  }
}

async function runLoad(folder: string, rate: number): Promise<Load> {
  const child = spawn(process.execPath, ['-e', load, folder, String(rate), String(seconds)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [text] = (await once(child.stdout, 'data')) as [Buffer];
  await once(child, 'exit');
  return JSON.parse(text.toString()) as Load;
}

async function measureSource(folder: string, rate: number): Promise<void> {
  const times = createHostTimes(openHostClocks());
  const counts = { created: 0, written: 0, renamed: 0, deleted: 0, executed: 0 };
  const missing = { gaps: 0, drops: 0 };
  const source = createFanotifySource({
    times,
    folders: [folder],
    nextStream: () => 1,
    log: (text) => process.stderr.write(`${text}\n`),
    onEvents: (events) => events.forEach((event) => count(event)),
  });
  const count = (event: LineageEvent): void => {
    if (event.kind === 'file') counts[event.change]++;
    if (event.kind !== 'gap') return;
    missing.gaps++;
    missing.drops += event.drops ?? 0;
  };
  await source.start();
  const before = process.cpuUsage();
  const done = await runLoad(folder, rate);
  const { user, system } = process.cpuUsage(before);
  await source.stop();
  const lost = [counts.created, counts.written, counts.renamed, counts.deleted].map((told) => done.files - told);
  const said = `lost ${lost.join(' ')} (created written renamed deleted), gaps ${missing.gaps}, drops ${missing.drops}`;
  print('gumshoe', done, (user + system) / 1000, said);
}

async function measureTool(command: string, args: readonly string[], folder: string, rate: number): Promise<void> {
  const tool = spawn(command, [...args], { stdio: ['ignore', 'pipe', 'ignore'] });
  let lines = 0;
  tool.stdout.on('data', (bytes: Buffer) => {
    for (const byte of bytes) if (byte === 10) lines++;
  });
  try {
    await Promise.race([once(tool, 'error').then(([error]) => Promise.reject(error as Error)), setTimeout(500)]);
  } catch {
    process.stdout.write(`${command} is not installed\n`);
    return;
  }
  const before = readCpuMs(tool);
  const done = await runLoad(folder, rate);
  const cpuMs = readCpuMs(tool) - before;
  tool.kill();
  await once(tool, 'exit');
  print(command, done, cpuMs, `${lines} lines`);
}

function readCpuMs({ pid }: ChildProcess): number {
  const path = `/proc/${pid}/stat`;
  if (!existsSync(path)) return Number.NaN;
  const fields = readFileSync(path, 'latin1')
    .replace(/^.*\) /s, '')
    .split(' ');
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

function print(who: string, { files, ms }: Load, cpuMs: number, said: string): void {
  const rate = Math.round((files * 4) / (ms / 1000));
  printFigure(`${who}, ${rate} changes/s`, `${((cpuMs / ms) * 100).toFixed(1)} % CPU`, said);
}
