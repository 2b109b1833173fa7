import { spawn, spawnSync } from 'node:child_process';

/** Wall times of a command run several times, in milliseconds, sorted. */
export async function timeCommand(
  command: string,
  args: readonly string[],
  options: { readonly runs?: number; readonly input?: string } = {},
): Promise<readonly number[]> {
  const times: number[] = [];
  for (let run = 0; run < (options.runs ?? 5); run++) {
    const startedMs = performance.now();
    const child = spawn(command, [...args], { stdio: ['pipe', 'ignore', 'ignore'] });
    child.stdin.on('error', () => undefined);
    child.stdin.end(options.input ?? '');
    await new Promise((resolve) => child.on('close', resolve));
    times.push(performance.now() - startedMs);
  }
  return times.toSorted((a, b) => a - b);
}

export function median(sorted: readonly number[]): number {
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

/** The first line that a tool prints about its version; undefined when it is not installed. */
export function readVersion(command: string, flag = '--version'): string | undefined {
  const { status, stdout } = spawnSync(command, [flag], { encoding: 'utf8' });
  return status === 0 ? stdout.split('\n')[0] : undefined;
}

/** One line of a bench: what was measured, the figure, and what it is held against. */
export function printFigure(what: string, figure: string, against: string): void {
  process.stdout.write(`${what.padEnd(44)} ${figure.padStart(14)}   ${against}\n`);
}
