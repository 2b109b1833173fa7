import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { formatFrame, linkProtocol } from '../../src/protocol/frame.ts';
import { median, printFigure, timeCommand } from './measure.ts';

const root = resolve(import.meta.dirname, '../..');
const agent = join(root, 'bin/gumshoe-agent');

/** The agent's start, a cold module run, its memory at rest and what its bundle is made of, beside the targets. */
export async function benchAgent(): Promise<void> {
  const milliseconds = (times: readonly number[]): string => `${median(times).toFixed(0)} ms`;
  printFigure('gumshoe-agent -V', milliseconds(await timeCommand(agent, ['-V'], { runs: 9 })), 'target 100 ms');
  const input = '{"class":"parameters","parameters":{"gethostname":true}}\n';
  printFigure(
    'module run, cold',
    milliseconds(await timeCommand(agent, ['-m', 'example'], { runs: 9, input })),
    'target 100 ms; MIG 9.6 ms',
  );
  await benchOperations();
  printFigure('memory of the agent at rest', `${(await readIdleMiB()).toFixed(1)} MiB`, 'target 60 MiB');

  const folder = join(root, 'dist/agent');
  const text = readdirSync(folder)
    .filter((name) => name.endsWith('.map'))
    .map((name) => readFileSync(join(folder, name), 'utf8'))
    .join('');
  const forbidden = ['ink', 'react', 'yoga-layout', 'enquirer'].filter((name) =>
    text.includes(`node_modules/${name}/`),
  );
  printFigure(
    'user interface in the bundle of the agent',
    forbidden.length === 0 ? 'none' : forbidden.join(' '),
    'target none',
  );
}

/** A running agent, spoken to as a console does. */
async function startAgent() {
  const child = spawn(agent, ['--stdio'], { stdio: ['pipe', 'pipe', 'inherit'] });
  let text = '';
  child.stdout.on('data', (chunk: Buffer) => {
    text += chunk.toString();
  });
  child.stdin.write(formatFrame({ type: 'hello', protocol: linkProtocol, version: 'bench' }));
  return {
    pid: child.pid,
    /** Milliseconds from the action to the end of its one operation. */
    run: async (ref: string): Promise<number> => {
      const operations = [{ module: 'example', parameters: { gethostname: true } }];
      const startedMs = performance.now();
      child.stdin.write(formatFrame({ type: 'action', ref, action: { name: 'bench', target: 'local', operations } }));
      while (!text.includes('"kind":"done"')) await once(child.stdout, 'data');
      text = '';
      return performance.now() - startedMs;
    },
    end: async (): Promise<void> => {
      child.stdin.end();
      await once(child, 'close');
    },
  };
}

/** An operation on an agent that has been at rest for a second, and one that follows another at once. */
async function benchOperations(): Promise<void> {
  const running = await startAgent();
  const warm: number[] = [];
  const pressed: number[] = [];
  for (let at = 0; at < 9; at++) {
    await setTimeout(1000);
    warm.push(await running.run(`warm-${at}`));
    pressed.push(await running.run(`pressed-${at}`));
  }
  await running.end();
  printFigure('operation on a running agent, whole', `${median(warm).toFixed(1)} ms`, 'target 10 ms until it starts');
  printFigure('the next one, directly behind it', `${median(pressed).toFixed(1)} ms`, 'target 100 ms');
}

/** Resident memory of an agent that has said hello and run one operation, two seconds later. */
async function readIdleMiB(): Promise<number> {
  const running = await startAgent();
  await running.run('bench');
  await setTimeout(2000);
  const status = readFileSync(`/proc/${running.pid}/status`, 'utf8');
  await running.end();
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1] ?? 0) / 1024;
}
