import { spawnSync } from 'node:child_process';
import { closeSync, fsyncSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { printFigure } from './measure.ts';

const events = 1_000_000;

interface Load {
  readonly added: number;
  readonly doneMs: number;
  readonly cpuMs: number;
  readonly longestMs: number;
  readonly rssMb: number;
  readonly store: { readonly nodes: number; readonly bytes: number };
}

/** 1,000,000 events through append, fold and settle, beside the same events as lines of text in a file: what auditd or "forkstat > file" leaves, where nothing is joined and nothing can be asked. */
export async function benchLineageStore(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'gumshoe-bench-'));
  try {
    const program = join(import.meta.dirname, 'lineage-store-load.ts');
    const { stdout } = spawnSync(process.execPath, [program, folder, String(events)], { encoding: 'utf8' });
    const load = JSON.parse(stdout) as Load;
    const lines = writeLines(join(folder, 'lines'));
    const rate = (load.added / load.doneMs) * 1000;
    const lineRate = (events / lines.ms) * 1000;
    printFigure(
      'events through append, fold and settle',
      `${Math.round(rate)}/s`,
      `${(rate / 20_000).toFixed(1)} x the 20,000/s that are asked for`,
    );
    printFigure(
      'the same for a second of processor time',
      `${Math.round((load.added / load.cpuMs) * 1000)}/s`,
      'what a host that others keep busy leaves of it',
    );
    printFigure(
      'as lines of text, nothing joined',
      `${Math.round(lineRate)}/s`,
      `${(lineRate / rate).toFixed(1)} x as fast`,
    );
    printFigure(
      'memory at most',
      `${load.rssMb} MB`,
      `${(load.rssMb / 300).toFixed(2)} of the 300 MB that are allowed`,
    );
    printFigure('longest pause', `${load.longestMs.toFixed(0)} ms`, 'of a batch of 256 events and its turn');
    const aProcess = load.store.bytes / load.store.nodes;
    printFigure(
      'on disk',
      `${Math.round(load.store.bytes / 1e6)} MB`,
      `${Math.round(aProcess)} bytes a process with its indexes; as lines ${Math.round(lines.bytes / 1e6)} MB`,
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
  await Promise.resolve();
}

/** As auditd does it: a line an event, the disk asked now and then. */
function writeLines(path: string): { readonly ms: number; readonly bytes: number } {
  const file = openSync(path, 'w');
  const begunMs = performance.now();
  let bytes = 0;
  for (let n = 0; n < events; n++) {
    const line = `type=SYSCALL msg=audit(${1_700_000_000 + n / 25_000}:${n}): syscall=59 success=yes ppid=1 pid=${n} auid=1000 uid=1000 comm="tool" exe="/usr/bin/tool"\n`;
    bytes += writeSync(file, line);
    if (n % 4096 === 0) fsyncSync(file);
  }
  closeSync(file);
  return { ms: performance.now() - begunMs, bytes };
}
