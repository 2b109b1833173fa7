/**
 * The file module beside find, sha256sum, openssl, grep and rg, in one run: `npm run bench file`. The tree for checksums and contents is made for the run.
 * "cold" is a whole process of the agent, "running" an operation on an agent that runs, as a console has it. MIG's line is what MIG took on the reference
 * machine (performance of the module: Go 1.19, two cores), brought to this machine by the pace of the first tool, which was measured there as well.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createTree } from './file-tree.ts';
import { median, readVersion, timeCommand } from './measure.ts';
import { type RunningAgent, startAgent } from './running-agent.ts';

const agent = join(resolve(import.meta.dirname, '../..'), 'bin/gumshoe-agent');
const rounds = 7;

interface Tool {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
}

interface Contest {
  readonly title: string;
  readonly search: Readonly<Record<string, unknown>>;
  /** The first sets the pace for MIG. */
  readonly tools: readonly Tool[];
  /** MIG's time divided by that of the first tool, both on the reference machine. */
  readonly migToFirstTool: number;
  /** What is aimed at, in words. */
  readonly target: string;
}

export async function benchFile(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'gumshoe-bench-'));
  const running = startAgent(agent);
  try {
    const { files, megabytes } = createTree(folder);
    const tools = ['find', 'grep', 'sha256sum', 'rg'].map((name) => readVersion(name) ?? `${name} is not installed`);
    process.stdout.write(`tools: ${[...tools, readVersion('openssl', 'version') ?? 'no openssl'].join('; ')}\n`);
    process.stdout.write(
      `tree for checksums and contents: ${files} files, ${megabytes} MB; ${rounds} rounds, medians\n`,
    );
    for (const contest of [...metadataContests(), ...contentContests(folder)]) await hold(contest, running);
  } finally {
    await running.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

const withinUsr = (name: string, test: readonly string[]): Tool => ({
  name,
  command: 'find',
  args: ['/usr', ...test],
});

function metadataContests(): readonly Contest[] {
  const filtered = { target: 'within 1.3 of find, at least 3 x MIG', migToFirstTool: 2544 / 577 };
  return [
    {
      title: 'names: /usr, ^ls$',
      search: { paths: ['/usr'], names: ['^ls$'] },
      tools: [withinUsr('find -name', ['-name', 'ls'])],
      migToFirstTool: 2918 / 762,
      target: 'faster than find, at least 5 x MIG',
    },
    {
      ...filtered,
      title: 'sizes: /usr, >100m',
      search: { paths: ['/usr'], sizes: ['>100m'] },
      tools: [withinUsr('find -size', ['-size', '+100M'])],
    },
    {
      ...filtered,
      title: 'modes: /usr, setuid',
      search: { paths: ['/usr'], modes: ['^u'] },
      tools: [withinUsr('find -perm', ['-perm', '-4000'])],
    },
    {
      ...filtered,
      title: 'times: /usr, within an hour',
      search: { paths: ['/usr'], mtimes: ['<1h'] },
      tools: [withinUsr('find -mmin', ['-mmin', '-60'])],
    },
  ];
}

function contentContests(tree: string): readonly Contest[] {
  const shell = (name: string, command: string): Tool => ({
    name,
    command: '/bin/sh',
    args: ['-c', `find ${tree} -type f -print0 | xargs -0 ${command}`],
  });
  const search = (title: string, pattern: string, migToFirstTool: number, target: string): Contest => ({
    title: `contents, ${title}: ${pattern}`,
    search: { paths: [tree], contents: [pattern] },
    // grep has no \s and takes (?i) as -i.
    tools: [
      {
        name: 'grep -arlE',
        command: 'grep',
        args: ['-arlE', ...(pattern.startsWith('(?i)') ? ['-i'] : []), pattern.replace('(?i)', '')],
      },
      { name: 'rg -a -uu -l -j2', command: 'rg', args: ['-a', '-uu', '-l', '-j2', pattern] },
    ]
      .filter(({ command }) => readVersion(command) !== undefined)
      .map((tool) => ({ ...tool, args: [...tool.args, tree] })),
    migToFirstTool,
    target: `at least 8 x MIG, ${target}`,
  });
  return [
    {
      title: 'sha256 of every file',
      search: { paths: [tree], sha2: ['0'.repeat(64)] },
      tools: [
        shell('sha256sum, xargs -P1', 'sha256sum'),
        shell('sha256sum, xargs -P2', '-P2 -n500 sha256sum'),
        shell('openssl dgst, xargs -P2', '-P2 -n500 openssl dgst -sha256'),
      ],
      migToFirstTool: 4582 / 7702,
      target: 'at least 4 x MIG, faster than openssl',
    },
    {
      title: 'md5, sha1 and sha256 of every file, one reading',
      search: { paths: [tree], md5: ['0'.repeat(32)], sha1: ['0'.repeat(40)], sha2: ['0'.repeat(64)] },
      tools: [
        shell(
          'openssl dgst three times, xargs -P2',
          `-P2 -n500 sh -c 'for h in md5 sha1 sha256; do openssl dgst -$h "$@"; done' -`,
        ),
      ],
      migToFirstTool: Number.NaN,
      target: 'one reading for all',
    },
    search('a literal', String.raw`password\s*=\s*"[^"]{8,}"`, 16_018 / 2235, 'within 2 times of rg'),
    search('a literal in any case', '(?i)s3cr3t-token-[0-9]+', 60_000 / 1513, 'within 2 times of rg'),
    search('no literal', '[A-Z][a-z]+[0-9]{4,6}[A-Z]', 60_000 / 4150, 'faster than rg'),
    // MIG was ended after a minute; it read 14 to 19 MB/s of 1.6 GB.
    search('a rare byte', String.raw`[a-zA-Z0-9._-]+@[a-zA-Z0-9.-]+\.(ru|cn)`, 84_000 / 3066, 'within 2 times of rg'),
  ];
}

/** One contest, the contenders one after the other in each round, so that a busy moment hits all of them. */
async function hold({ title, search, tools, migToFirstTool, target }: Contest, running: RunningAgent): Promise<void> {
  const searches = { s1: { ...search, options: { matchall: true, matchlimit: 1000, maxerrors: 1 } } };
  const input = `${JSON.stringify({ class: 'parameters', parameters: { searches } })}\n`;
  const contenders: readonly (readonly [name: string, time: () => Promise<number>])[] = [
    ['gumshoe, running agent', () => running.time('file', { searches })],
    ['gumshoe, cold', () => timeOnce(agent, ['-m', 'file'], input)],
    ...tools.map(({ name, command, args }) => [name, () => timeOnce(command, args)] as const),
  ];
  const times = contenders.map((): number[] => []);
  for (let round = 0; round < rounds; round++) {
    for (const [at, [, time]] of contenders.entries()) times[at]?.push(await time());
  }
  const medians = times.map((all) => median(all.toSorted((one, other) => one - other)));
  const [warm = Number.NaN, cold = Number.NaN, first = Number.NaN] = medians;
  process.stdout.write(`\n${title}\n  target: ${target}; load ${loadavg()[0]?.toFixed(1)}\n`);
  process.stdout.write(`  ${''.padEnd(36)} ${'ms'.padStart(7)}  x running  x cold\n`);
  for (const [at, [name]] of contenders.entries()) print(name, medians[at] ?? Number.NaN, warm, cold);
  if (!Number.isNaN(migToFirstTool)) print('MIG, by the pace of the first tool', first * migToFirstTool, warm, cold);
  process.stdout.write(`  peak memory ${(await readPeakMiB(input)).toFixed(0)} MiB (target 150)\n`);
}

async function timeOnce(command: string, args: readonly string[], input = ''): Promise<number> {
  const [time = Number.NaN] = await timeCommand(command, args, { runs: 1, input });
  return time;
}

function print(name: string, timeMs: number, warmMs: number, coldMs: number): void {
  const ratio = (ownMs: number): string => (timeMs / ownMs).toFixed(2).padStart(8);
  process.stdout.write(`  ${name.padEnd(36)} ${timeMs.toFixed(0).padStart(7)}  ${ratio(warmMs)} ${ratio(coldMs)}\n`);
}

/** The most memory that a run held, in a run of its own: looking costs time. */
async function readPeakMiB(input: string): Promise<number> {
  const child = spawn(agent, ['-m', 'file'], { stdio: ['pipe', 'ignore', 'ignore'] });
  child.stdin.end(input);
  let peak = 0;
  const timer = setInterval(() => {
    try {
      const status = readFileSync(`/proc/${child.pid}/status`, 'utf8');
      peak = Math.max(peak, Number(/^VmHWM:\s+(\d+) kB/m.exec(status)?.[1] ?? 0));
    } catch {
      // It has just ended.
    }
  }, 5);
  await new Promise((done) => child.on('close', done));
  clearInterval(timer);
  return peak / 1024;
}

if (import.meta.main) await benchFile();
