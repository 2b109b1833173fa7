import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
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

/** Resident memory of an agent that has said hello and run one operation, two seconds later. */
async function readIdleMiB(): Promise<number> {
  const child = spawn(agent, ['--stdio'], { stdio: ['pipe', 'pipe', 'inherit'] });
  const action = {
    name: 'bench',
    target: 'local',
    operations: [{ module: 'example', parameters: { gethostname: true } }],
  };
  child.stdin.write(formatFrame({ type: 'hello', protocol: linkProtocol, version: 'bench' }));
  child.stdin.write(formatFrame({ type: 'action', ref: 'bench', action }));
  let text = '';
  child.stdout.on('data', (chunk: Buffer) => {
    text += chunk.toString();
  });
  while (!text.includes('"kind":"done"')) await once(child.stdout, 'data');
  await new Promise((resolve) => setTimeout(resolve, 2000));
  const status = readFileSync(`/proc/${child.pid}/status`, 'utf8');
  child.stdin.end();
  await once(child, 'close');
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1] ?? 0) / 1024;
}
