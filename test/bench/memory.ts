/**
 * The memory module beside yara and a search in a core dump, whole processes in one run: `npm run bench memory`. The target holds 500 MiB of anonymous
 * memory: log text, random bytes, small numbers with many zeros, a third each. What is searched for is not in it, so that everything is read.
 */
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createLogText } from './log-text.ts';
import { median, readVersion, timeCommand } from './measure.ts';

const agent = join(resolve(import.meta.dirname, '../..'), 'bin/gumshoe-agent');
const rounds = 3;
const targetMiB = 500;

const script = `
  const sample = require('node:fs').readFileSync(process.argv[1]);
  const memory = Buffer.allocUnsafe(${targetMiB} << 20);
  for (let at = 0; at < memory.length; at += sample.length) sample.copy(memory, at);
  globalThis.memory = memory;
  process.stdout.write('ready');
  setInterval(() => undefined, 1e6);
`;

interface Contest {
  readonly title: string;
  readonly search: Readonly<Record<string, unknown>>;
  /** The same for the others: the strings section of a YARA rule, and an expression of grep. */
  readonly yara: string;
  readonly grep: readonly string[];
}

const contests: readonly Contest[] = [
  {
    title: 'one byte string',
    search: { bytes: ['66696e646d65706c656173652d3432'] },
    yara: '$a = "findmeplease-42"',
    grep: ['-F', 'findmeplease-42'],
  },
  {
    title: 'a byte string that begins with zeros',
    search: { bytes: ['00000000deadbeef4242'] },
    yara: '$a = { 00 00 00 00 de ad be ef 42 42 }',
    grep: ['-P', '\\x00\\x00\\x00\\x00\\xde\\xad\\xbe\\xef\\x42\\x42'],
  },
  {
    title: 'eight byte strings',
    search: { bytes: Array.from({ length: 8 }, (_, index) => Buffer.from(`string-${index}-absent`).toString('hex')) },
    yara: Array.from({ length: 8 }, (_, index) => `$s${index} = "string-${index}-absent"`).join(' '),
    grep: ['-E', Array.from({ length: 8 }, (_, index) => `string-${index}-absent`).join('|')],
  },
  {
    title: 'an expression with a literal: AKIA[0-9A-Z]{16}',
    search: { contents: ['AKIA[0-9A-Z]{16}'] },
    yara: '$a = /AKIA[0-9A-Z]{16}/',
    grep: ['-E', 'AKIA[0-9A-Z]{16}'],
  },
  {
    title: 'an expression without one: [A-Z][a-z]+[0-9]{4,6}[A-Z]{3}',
    search: { contents: ['[A-Z][a-z]+[0-9]{4,6}[A-Z]{3}'] },
    yara: '$a = /[A-Z][a-z]+[0-9]{4,6}[A-Z]{3}/',
    grep: ['-E', '[A-Z][a-z]+[0-9]{4,6}[A-Z]{3}'],
  },
];

export async function benchMemory(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'gumshoe-bench-'));
  const sample = join(folder, 'sample');
  writeFileSync(sample, createSample());
  const target = spawn(process.execPath, ['-e', script, sample], { stdio: ['ignore', 'pipe', 'inherit'] });
  try {
    await new Promise((done) => target.stdout.once('data', done));
    const pid = target.pid ?? 0;
    process.stdout.write(`target: ${targetMiB} MiB; tools: yara ${readVersion('yara') ?? 'is not installed'}; `);
    process.stdout.write(
      `${readVersion('grep') ?? 'grep is not installed'}; ${readVersion('gdb') ?? 'gcore (gdb) is not installed'}\n`,
    );
    const dump = join(folder, 'core');
    const hasDump = readVersion('gdb') !== undefined;
    const [dumpMs = 0] = hasDump ? await timeCommand('gcore', ['-o', dump, String(pid)], { runs: 1 }) : [];
    for (const contest of contests)
      await hold(contest, { folder, pid, dump: hasDump ? `${dump}.${pid}` : undefined, dumpMs });
  } finally {
    target.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  }
}

interface Place {
  readonly folder: string;
  readonly pid: number;
  readonly dump: string | undefined;
  readonly dumpMs: number;
}

async function hold({ title, search, yara, grep }: Contest, { folder, pid, dump, dumpMs }: Place): Promise<void> {
  const rules = join(folder, 'rules.yar');
  writeFileSync(rules, `rule bench { strings: ${yara} condition: any of them }`);
  const searches = { s1: { ...search, pids: [String(pid)], options: { matchall: true } } };
  const input = `${JSON.stringify({ class: 'parameters', parameters: { searches } })}\n`;
  const time = async (command: string, args: readonly string[], text = ''): Promise<number> =>
    median(await timeCommand(command, args, { runs: rounds, input: text }));

  process.stdout.write(`\n${title}\n`);
  const own = await time(agent, ['-m', 'memory'], input);
  const idle = await time(agent, ['-m', 'memory'], '{"class":"parameters","parameters":{}}\n');
  const gigabytes = readMemory(input) / 1e9;
  print(
    'gumshoe',
    own,
    own,
    `${(gigabytes / ((own - idle) / 1000)).toFixed(2)} GB/s without its start of ${idle.toFixed(0)} ms`,
  );
  if (readVersion('yara') !== undefined) print('yara RULE PID', await time('yara', [rules, String(pid)]), own);
  if (dump === undefined) return;
  const search1 = await time('grep', ['-c', '-a', ...grep, dump]);
  print('grep -a in a dump by gcore', search1 + dumpMs, own, `of which gcore ${dumpMs.toFixed(0)} ms`);
}

/** How many bytes of memory a run reads: the target is more than what was put into it. */
function readMemory(input: string): number {
  const { stdout } = spawnSync(agent, ['-m', 'memory'], { input, encoding: 'utf8' });
  const result = JSON.parse(stdout) as { readonly statistics: { readonly memoryread: number } };
  return result.statistics.memoryread;
}

function print(name: string, timeMs: number, ownMs: number, note = ''): void {
  const ratio = `${(timeMs / ownMs).toFixed(2)} x gumshoe`;
  process.stdout.write(`  ${name.padEnd(30)} ${timeMs.toFixed(0).padStart(7)} ms  ${ratio.padEnd(18)} ${note}\n`);
}

/** Pages of log text, of random bytes, and of small numbers, one after the other. */
function createSample(): Buffer {
  const part = 4 << 20;
  const text = createLogText(part);
  const random = Buffer.alloc(part);
  let seed = 7;
  for (let at = 0; at < part; at += 4)
    random.writeUInt32LE((seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0), at);
  const numbers = Buffer.alloc(part);
  for (let at = 0; at < part; at += 8) numbers.writeUInt32LE((at * 31) % 5000, at);
  return Buffer.concat([text, random, numbers]);
}

if (import.meta.main) await benchMemory();
