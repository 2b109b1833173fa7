/**
 * The file module beside find, sha256sum, openssl, grep and rg, whole processes in one run: `npm run bench file`. The tree for checksums and contents is
 * made for the run. MIG's column is what MIG took on the reference machine (spec of the module: Go 1.19, two cores), brought to this machine by the pace
 * of the tool beside it, which was measured there as well.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createLogText } from './log-text.ts';
import { median, readVersion, timeCommand } from './measure.ts';

const agent = join(resolve(import.meta.dirname, '../..'), 'bin/gumshoe-agent');
const rounds = 5;
const smallFiles = 4000;
const largeMiB = 90;

interface Contender {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly input?: string;
}

interface Contest {
  readonly title: string;
  readonly search: Readonly<Record<string, unknown>>;
  readonly tools: readonly Contender[];
  /** MIG's time divided by that of the first tool, both on the reference machine. */
  readonly migToFirstTool: number;
}

const literal = 'password\\s*=\\s*"[^"]{8,}"';
const noLiteral = '[A-Z][a-z]+[0-9]{4,6}[A-Z]';

export async function benchFile(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'gumshoe-bench-'));
  try {
    const megabytes = createTree(folder);
    process.stdout.write(`tools: ${['find', 'grep', 'sha256sum', 'rg'].map(describeTool).join('; ')}\n`);
    process.stdout.write(`tree for checksums and contents: ${smallFiles + 2} files, ${megabytes} MB\n`);
    for (const contest of createContests(folder)) await hold(contest);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function createContests(tree: string): readonly Contest[] {
  const xargs = (files: string, command: string): Contender['args'] => [
    '-c',
    `find ${files} -print0 | xargs -0 ${command}`,
  ];
  const shell = (name: string, command: string): Contender => ({
    name,
    command: '/bin/sh',
    args: xargs(`${tree} -type f`, command),
  });
  const search = (pattern: string): readonly Contender[] =>
    [
      { name: 'grep -arlE', command: 'grep', args: ['-arlE', pattern, tree] },
      { name: 'rg -a -uu -l -j2', command: 'rg', args: ['-a', '-uu', '-l', '-j2', pattern, tree] },
    ].filter(({ command }) => readVersion(command) !== undefined);
  return [
    {
      title: 'names: /usr, ^ls$',
      search: { paths: ['/usr'], names: ['^ls$'] },
      tools: [{ name: 'find -name', command: 'find', args: ['/usr', '-name', 'ls'] }],
      migToFirstTool: 2918 / 762,
    },
    {
      title: 'sizes: /usr, >100m (every file looked at)',
      search: { paths: ['/usr'], sizes: ['>100m'] },
      tools: [{ name: 'find -size', command: 'find', args: ['/usr', '-size', '+100M'] }],
      migToFirstTool: 2544 / 577,
    },
    {
      title: 'sha256 of every file',
      search: { paths: [tree], sha2: ['0'.repeat(64)] },
      tools: [
        shell('sha256sum, xargs -P1', 'sha256sum'),
        shell('sha256sum, xargs -P2', '-P2 -n500 sha256sum'),
        shell('openssl dgst, xargs -P2', '-P2 -n500 openssl dgst -sha256'),
      ],
      migToFirstTool: 4582 / 7702,
    },
    {
      title: `content with a literal: ${literal}`,
      search: { paths: [tree], contents: [literal] },
      tools: search('password[[:space:]]*=[[:space:]]*"[^"]{8,}"'),
      migToFirstTool: 16_018 / 2235,
    },
    {
      title: `content without a literal: ${noLiteral}`,
      search: { paths: [tree], contents: [noLiteral] },
      tools: search(noLiteral),
      migToFirstTool: 60_000 / 4150,
    },
  ];
}

/** One contest, the contenders one after the other in each round, so that a busy moment hits all of them. */
async function hold({ title, search, tools, migToFirstTool }: Contest): Promise<void> {
  const searches = { s1: { ...search, options: { matchall: true, matchlimit: 1000, maxerrors: 1 } } };
  const input = `${JSON.stringify({ class: 'parameters', parameters: { searches } })}\n`;
  const gumshoe = { name: 'gumshoe', command: agent, args: ['-m', 'file'], input };
  const times = new Map<Contender, number[]>();
  for (let round = 0; round < rounds; round++) {
    for (const contender of [gumshoe, ...tools]) {
      const { command, args, input: text = '' } = contender;
      const [time = Number.NaN] = await timeCommand(command, args, { runs: 1, input: text });
      times.set(contender, [...(times.get(contender) ?? []), time]);
    }
  }
  const medianOf = (contender: Contender): number =>
    median((times.get(contender) ?? []).toSorted((one, other) => one - other));
  const own = medianOf(gumshoe);
  process.stdout.write(`\n${title}\n`);
  print('gumshoe', own, own);
  for (const tool of tools) print(tool.name, medianOf(tool), own);
  if (tools[0]) print('MIG, by the pace of the first tool', medianOf(tools[0]) * migToFirstTool, own);
}

function print(name: string, timeMs: number, ownMs: number): void {
  const ratio = `${(timeMs / ownMs).toFixed(2)} x gumshoe`;
  process.stdout.write(`  ${name.padEnd(36)} ${timeMs.toFixed(0).padStart(7)} ms  ${ratio}\n`);
}

function describeTool(name: string): string {
  return readVersion(name) ?? `${name} is not installed`;
}

/** Log text in small files of 1 to 64 KB and two large ones; the size in megabytes. */
function createTree(folder: string): number {
  const text = createLogText(8 * 1024 * 1024);
  let total = 0;
  for (let number = 0; number < smallFiles; number++) {
    const directory = join(folder, String(number % 100));
    mkdirSync(directory, { recursive: true });
    const size = 1024 + ((number * 7919) % 63) * 1024;
    const from = (number * 104_729) % (text.length - size);
    writeFileSync(join(directory, `file${number}`), text.subarray(from, from + size));
    total += size;
  }
  const large = Buffer.concat(Array.from({ length: Math.ceil((largeMiB << 20) / text.length) }, () => text));
  for (const name of ['large1', 'large2']) writeFileSync(join(folder, name), large);
  return Math.round((total + 2 * large.length) / 1e6);
}

if (import.meta.main) await benchFile();
