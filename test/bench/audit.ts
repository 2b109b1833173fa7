/**
 * What audit costs the programs that it tells of: `npm run bench audit`. The same load (posix_spawn of a program that ends at once, as one user) without rules, with the lineage's rules
 * and a reader, and with a reader that stands still. Rounds in turn; of each the least processor time of the load, which other programs of the host disturb least, and the median duration.
 */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openKernelAudit, takeKernelAudit } from '../helpers/kernel-audit.ts';
import { printFigure } from './measure.ts';

const uid = 65_534;
const rounds = 7;
const spawns = 600;
const main = join(import.meta.dirname, '../src/lineage/kernel/audit-source-main.ts');

const load = `
import os,resource,time
t=time.monotonic()
for i in range(${spawns}): os.waitpid(os.posix_spawn("/bin/true",["true",str(i)],{}),0)
t=time.monotonic()-t
u=[resource.getrusage(w) for w in (resource.RUSAGE_SELF,resource.RUSAGE_CHILDREN)]
print(t*1000,sum(x.ru_utime+x.ru_stime for x in u)*1000)
`;

interface Taken {
  readonly wallMs: number;
  readonly cpuMs: number;
}

export async function benchAudit(): Promise<void> {
  const control = await openKernelAudit();
  if (!control) {
    process.stdout.write('audit needs root in the initial namespaces: nothing is measured\n');
    return;
  }
  const kernel = await takeKernelAudit(control);
  const folder = mkdtempSync(join(tmpdir(), 'gumshoe-bench-'));
  try {
    const taken: Record<string, Taken[]> = { none: [], reading: [], stalled: [] };
    for (let round = 0; round < rounds; round++) {
      taken['none']?.push(runLoad());
      const source = await startSource(folder);
      taken['reading']?.push(runLoad());
      source.kill('SIGSTOP');
      taken['stalled']?.push(runLoad());
      source.kill('SIGCONT');
      source.stdin?.end();
      await once(source, 'close');
    }
    const without = summarise(taken['none'] ?? []);
    for (const [name, what] of [
      ['none', 'no rules of audit'],
      ['reading', 'rules of the lineage, reader at work'],
      ['stalled', 'rules of the lineage, reader stands still'],
    ] as const) {
      const { wallMs, cpuMs } = summarise(taken[name] ?? []);
      const ratios = `${(cpuMs / without.cpuMs).toFixed(3)} x of processor, ${(wallMs / without.wallMs).toFixed(3)} x of duration`;
      printFigure(what, `${(cpuMs / spawns).toFixed(3)} ms each`, ratios);
    }
  } finally {
    rmSync(folder, { recursive: true });
    kernel.release();
  }
}

function runLoad(): Taken {
  const argv = [`--reuid=${uid}`, '--clear-groups', '/usr/bin/python3', '-S', '-c', load];
  const { stdout } = spawnSync('setpriv', argv, { cwd: '/', encoding: 'utf8' });
  const [wallMs = 0, cpuMs = 0] = stdout.trim().split(' ').map(Number);
  return { wallMs, cpuMs };
}

async function startSource(folder: string): Promise<ChildProcess> {
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', main, folder, String(uid)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  await once(child.stdout, 'data');
  return child;
}

function summarise(taken: readonly Taken[]): Taken {
  const walls = taken.map(({ wallMs }) => wallMs).toSorted((a, b) => a - b);
  return { wallMs: walls[Math.floor(walls.length / 2)] ?? 0, cpuMs: Math.min(...taken.map(({ cpuMs }) => cpuMs)) };
}
