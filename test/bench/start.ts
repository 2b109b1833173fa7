import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openTerminal } from '../helpers/terminal.ts';

const gumshoe = join(import.meta.dirname, '../../bin/gumshoe');
const rounds = 11;

interface Figures {
  readonly bannerMs: number;
  readonly promptMs: number;
  /** Until a key typed at the prompt is shown: the line editor is there. */
  readonly echoMs: number;
}

/** How long the console takes to answer `--version`, to say its banner, to show its prompt, and to show a key typed there. Medians, beside the targets. */
export async function benchStart(): Promise<void> {
  // A folder of its own: the console of a first start, without anybody's actions.
  const home = mkdtempSync(join(tmpdir(), 'gumshoe-bench-'));
  try {
    const version = await repeat(measureVersion);
    const starts = await repeat(() => measureStart({ HOME: home, XDG_DATA_HOME: home, XDG_STATE_HOME: home }));
    const bare = await repeat(measureNode);
    print('node -e 0', bare, undefined);
    print('gumshoe --version', version, 100);
    print(
      'banner',
      starts.map(({ bannerMs }) => bannerMs),
      50,
    );
    print(
      'prompt',
      starts.map(({ promptMs }) => promptMs),
      300,
    );
    print(
      'first key shown',
      starts.map(({ echoMs }) => echoMs),
      300,
    );
  } finally {
    rmSync(home, { recursive: true });
  }
}

async function repeat<Value>(measure: () => Promise<Value>): Promise<readonly Value[]> {
  const values: Value[] = [];
  for (let round = 0; round < rounds; round++) values.push(await measure());
  return values;
}

function print(what: string, figures: readonly number[], targetMs: number | undefined): void {
  const sorted = figures.toSorted((one, other) => one - other);
  const at = (part: number): string => (sorted[Math.floor(part * (sorted.length - 1))] ?? NaN).toFixed(0).padStart(5);
  const target = targetMs === undefined ? '' : `  target ${targetMs} ms`;
  process.stdout.write(`${what.padEnd(20)} median ${at(0.5)} ms  best ${at(0)}  worst ${at(1)}${target}\n`);
}

async function measureStart(env: Readonly<Record<string, string>>): Promise<Figures> {
  const started = performance.now();
  const since = (): number => performance.now() - started;
  const terminal = openTerminal({ command: gumshoe, env });
  try {
    await terminal.waitFor(/\S/);
    const bannerMs = since();
    await terminal.waitFor('gumshoe>');
    const promptMs = since();
    terminal.type('x');
    await terminal.waitFor('gumshoe> x');
    return { bannerMs, promptMs, echoMs: since() };
  } finally {
    await terminal.close();
  }
}

const measureVersion = (): Promise<number> => measureRun(gumshoe, ['--version']);
const measureNode = (): Promise<number> => measureRun(process.execPath, ['-e', '0']);

function measureRun(command: string, args: readonly string[]): Promise<number> {
  const started = performance.now();
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: 'ignore' });
    child.on('error', reject);
    child.on('close', () => resolve(performance.now() - started));
  });
}
