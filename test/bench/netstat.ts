/**
 * The netstat module beside ss on a host with 10,000 socket ends of its own making: `npm run bench netstat`. Cold is a whole process,
 * `gumshoe-agent -m netstat`; spare is the process that a running agent keeps ready, from the message with the parameters to the end of its output; warm is
 * the module in a process that has run it before, its result written as JSON.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join, resolve } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { netstat } from '../../modules/netstat/index.ts';
import { systemClock } from '../../src/base/clock.ts';
import { silentLog } from '../../src/base/log.ts';
import { runModule } from '../../src/module/run-module.ts';
import { median, printFigure, readVersion, timeCommand } from './measure.ts';

const agent = join(resolve(import.meta.dirname, '../..'), 'bin/gumshoe-agent');
const rounds = 9;
const holders = 4;
const connectionsEach = 1250;

/** Holds both ends of its connections until it is ended; says so when all are there. */
const holderProgram = `
  const { createServer, connect } = require('node:net');
  const server = createServer((socket) => socket.on('error', () => {}));
  server.listen(0, '127.0.0.1', 4096, async () => {
    for (let left = ${connectionsEach}; left > 0; left -= 250) {
      await Promise.all(Array.from({ length: Math.min(left, 250) }, () => new Promise((connected) => {
        connect(server.address().port, '127.0.0.1', connected).on('error', (error) => { throw error; });
      })));
    }
    console.log('ready');
  });
`;

export async function benchNetstat(): Promise<void> {
  const children = Array.from({ length: holders }, () =>
    spawn(process.execPath, ['-e', holderProgram], { stdio: ['ignore', 'pipe', 'inherit'] }),
  );
  try {
    await Promise.all(children.map(waitUntilReady));
    process.stdout.write(`tools: ${readVersion('ss', '-V') ?? 'ss is not installed'}\n`);
    process.stdout.write(`${holders * connectionsEach * 2} ends of TCP connections in ${holders} processes\n`);
    await compare();
  } finally {
    for (const child of children) child.kill();
  }
}

async function waitUntilReady(child: ChildProcess): Promise<void> {
  if (!child.stdout) throw new Error('expected the output of a process that holds sockets, got none');
  await Promise.race([
    once(child.stdout, 'data'),
    once(child, 'exit').then(() => {
      throw new Error('a process that holds sockets ended: is its limit of open files below 3000?');
    }),
  ]);
}

/** One after the other in each round, so that a busy moment hits all of them. */
async function compare(): Promise<void> {
  const parameters = { connectedip: ['0.0.0.0/0', '::/0'], processes: true };
  const input = `${JSON.stringify({ class: 'parameters', parameters })}\n`;
  const run = (command: string, args: readonly string[], text = ''): (() => Promise<number>) => {
    return async () => (await timeCommand(command, args, { runs: 1, input: text }))[0] ?? Number.NaN;
  };
  const contenders = new Map<string, () => Promise<number>>([
    ['netstat with processes, warm', () => timeWarm(parameters)],
    ['netstat with processes, in a spare process', () => timeSpare(input)],
    ['netstat with processes, cold', run(agent, ['-m', 'netstat'], input)],
    ['netstat without processes, warm', () => timeWarm({ ...parameters, processes: false })],
    ['ss -tanp', run('ss', ['-tanp'])],
    ['ss -tan', run('ss', ['-tan'])],
  ]);
  for (let round = 0; round < 3; round++) await timeWarm(parameters);
  const times = new Map<string, number[]>([...contenders.keys()].map((name) => [name, []]));
  for (let round = 0; round < rounds; round++) {
    for (const [name, measure] of contenders) times.get(name)?.push(await measure());
  }
  const medianOf = (name: string): number => median((times.get(name) ?? []).toSorted((one, other) => one - other));
  const ss = medianOf('ss -tanp');
  for (const name of contenders.keys()) {
    printFigure(
      name,
      `${medianOf(name).toFixed(0)} ms`,
      `${(ss / medianOf(name)).toFixed(2)} times as fast as ss -tanp`,
    );
  }
}

/** A spare needs this long to load the modules. */
const spareReadyMs = 700;

async function timeSpare(parametersLine: string): Promise<number> {
  const child = spawn(agent, ['-m', '-', '--events', String(1024 * 1024)], { stdio: ['pipe', 'pipe', 'inherit'] });
  await setTimeout(spareReadyMs);
  const startedMs = performance.now();
  child.stdin.write(`${JSON.stringify({ class: 'module', parameters: { name: 'netstat' } })}\n${parametersLine}`);
  child.stdout.resume();
  await once(child.stdout, 'end');
  return performance.now() - startedMs;
}

async function timeWarm(parameters: unknown): Promise<number> {
  const startedMs = performance.now();
  const progress = { examined: () => undefined, hit: () => undefined };
  const context = { signal: new AbortController().signal, clock: systemClock, log: silentLog, progress };
  const text = JSON.stringify(await runModule(netstat, parameters, context));
  const tookMs = performance.now() - startedMs;
  if (!text.includes('"success":true')) throw new Error(`expected a result, got ${text.slice(0, 200)}`);
  return tookMs;
}

if (import.meta.main) await benchNetstat();
