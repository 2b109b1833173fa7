import { spawn, type ChildProcess } from 'node:child_process';
import { appendFileSync, chmodSync, copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { waitFor } from '../../helpers/wait-for.ts';

/** A process that this test started. */
export interface FakeAgent extends AsyncDisposable {
  readonly pid: number;
  /** The file that an upgrade would remove. */
  readonly executable: string;
  /** Resolves when it has ended, with the signal that ended it. */
  readonly end: Promise<NodeJS.Signals | null>;
}

/** An installation of gumshoe's agent that does nothing but live, with the real launcher's name. */
export function installGumshoe(folder: string, version: string): string {
  const launcher = join(folder, 'bin/gumshoe-agent');
  for (const path of ['bin', 'dist/agent']) mkdirSync(join(folder, path), { recursive: true });
  writeFileSync(launcher, 'setInterval(() => {}, 1000); process.stdout.write("ready");\n');
  writeFileSync(join(folder, 'dist/agent/main.mjs'), '');
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: 'gumshoe', version }));
  return launcher;
}

export function startGumshoe(launcher: string, words: readonly string[] = ['--stdio']): Promise<FakeAgent> {
  return start(process.execPath, ['--expose-gc', launcher, ...words], launcher);
}

/** A program that sleeps, under the name and with the texts of an agent of MIG. */
export function installMig(folder: string, texts: readonly string[]): string {
  const file = join(folder, 'mig-agent-20180807');
  copyFileSync('/bin/sleep', file);
  chmodSync(file, 0o755);
  appendFileSync(file, texts.map((text) => `\0${text}\0`).join(''));
  return file;
}

export function startProgram(file: string, words: readonly string[] = ['60']): Promise<FakeAgent> {
  return start(file, words, file);
}

async function start(command: string, words: readonly string[], executable: string): Promise<FakeAgent> {
  const child: ChildProcess = spawn(command, words, { stdio: ['ignore', 'pipe', 'ignore'] });
  const end = new Promise<NodeJS.Signals | null>((resolve) => child.once('exit', (_, signal) => resolve(signal)));
  const { pid } = child;
  if (pid === undefined) throw new Error(`${command} could not be started`);
  const stop = async (): Promise<void> => {
    child.kill('SIGKILL');
    await end;
  };
  try {
    // Until then the process is still a copy of this one.
    await waitFor('the program to start', () =>
      readFileSync(`/proc/${pid}/cmdline`, 'latin1')
        .split('\0')
        .includes(words.at(-1) ?? ''),
    );
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    pid,
    executable,
    end,
    [Symbol.asyncDispose]: stop,
  };
}

/** A process as /proc tells it, made of files. */
export interface FakeProcess {
  readonly parent?: number;
  readonly state?: string;
  readonly flags?: number;
  readonly startTicks?: number;
  readonly tgid?: number;
  readonly namespace?: string;
  readonly root?: string;
  readonly executable?: string;
  readonly words?: readonly string[];
}

/** The text of /proc/PID/stat. */
export function statText(pid: number, { parent = 1, state = 'S', flags = 0, startTicks = 100 }: FakeProcess): string {
  const zeros = (count: number): string => '0 '.repeat(count);
  return `${pid} (a) b) ${state} ${parent} 0 0 0 -1 ${flags} ${zeros(12)}${startTicks} 0 0\n`;
}
