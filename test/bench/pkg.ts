/**
 * The pkg module beside dpkg-query, dpkg and rpm, whole processes in one run: `npm run bench pkg`. dpkg's database is this host's; rpm's, with 2000 packages,
 * is made for the run and is read in this process, to which the agent's start has to be added. MIG ran `rpm -qa` and `dpkg -l`, and parsed what they print.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { openPackageFiles } from '../../src/linux/packages/package-files.ts';
import { readPackages } from '../../src/linux/packages/read-packages.ts';
import { buildSqlite } from '../src/linux/packages/build-databases.ts';
import { buildRpmHeader } from '../src/linux/packages/build-rpm-header.ts';
import { median, readVersion, timeCommand } from './measure.ts';

const agent = join(resolve(import.meta.dirname, '../..'), 'bin/gumshoe-agent');
const rounds = 15;
const packages = 2000;

export async function benchPkg(): Promise<void> {
  process.stdout.write(`tools: ${['dpkg-query', 'dpkg', 'rpm'].map(describeTool).join('; ')}\n`);
  await benchDpkg();
  await benchRpm();
}

interface Contender {
  readonly name: string;
  readonly run: () => Promise<number>;
}

function command(name: string, program: string, args: readonly string[], input = ''): Contender {
  return { name, run: async () => (await timeCommand(program, args, { runs: 1, input }))[0] ?? Number.NaN };
}

async function benchDpkg(): Promise<void> {
  const ask = (parameters: unknown): string => `${JSON.stringify({ class: 'parameters', parameters })}\n`;
  const one = ask({ pkgmatch: { matches: ['^bash$'] } });
  const all = ask({ pkgmatch: { matches: [''] }, compare: ['>= 0'], details: true });
  process.stdout.write(`\n${readPackages().packages.length} packages of this host, whole processes\n`);
  await hold([
    command('gumshoe-agent -m pkg, one name', agent, ['-m', 'pkg'], one),
    command('gumshoe-agent -m pkg, all, versions compared', agent, ['-m', 'pkg'], all),
    command('dpkg-query -W', 'dpkg-query', ['-W']),
    command('dpkg -l', 'dpkg', ['-l']),
    command('gumshoe-agent --version, to compare', agent, ['--version']),
  ]);
}

async function benchRpm(): Promise<void> {
  const root = mkdtempSync(join(tmpdir(), 'gumshoe-bench-'));
  try {
    const folder = join(root, 'var/lib/rpm');
    mkdirSync(folder, { recursive: true });
    const database = join(folder, 'rpmdb.sqlite');
    // Makes the tables that rpm wants to find; without rpm nobody misses them.
    spawnSync('rpm', ['--dbpath', folder, '--initdb']);
    buildSqlite(database, Array.from({ length: packages }, buildHeader));
    const paths = Array.from({ length: 300 }, (_, at) => `/usr/lib/f-${at * 5}-${at % 20}`);
    process.stdout.write(
      `\n${packages} packages of rpm, ${Math.round(statSync(database).size / 1e6)} MB, in this process\n`,
    );
    await hold([
      inProcess('list of packages', () => void readPackages({ root })),
      inProcess('owners of 300 files', () => {
        const { ownerOf } = openPackageFiles({ root, paths });
        for (const path of paths) ownerOf(path);
      }),
      ...(readVersion('rpm') === undefined ? [] : [command('rpm -qa', 'rpm', ['--dbpath', folder, '-qa'])]),
    ]);
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

function inProcess(name: string, work: () => void): Contender {
  return {
    name,
    run: async () => {
      const startedMs = performance.now();
      work();
      return performance.now() - startedMs;
    },
  };
}

/** A header of the size that distributions have: 20 to 420 files, a description, and a history of changes. */
function buildHeader(_: unknown, number: number): Buffer {
  const files = Array.from({ length: 20 + ((number * 7919) % 400) }, (_unused, at) => at);
  return buildRpmHeader({
    1000: `package-${number}`,
    1001: `1.${number}`,
    1002: '1.el9',
    1005: 'x'.repeat(800),
    1008: [1_700_000_000 + number],
    1022: 'x86_64',
    1035: files.map(() => 'ab'.repeat(32)),
    1037: files.map(() => 0),
    1044: `package-${number}-1.${number}-1.el9.src.rpm`,
    1082: Array.from({ length: 200 }, () => '- rebuilt, with a fix of something'),
    1116: files.map((at) => at % 3),
    1117: files.map((at) => `f-${number}-${at}`),
    1118: ['/usr/bin/', '/usr/lib/', '/usr/share/'],
    5011: [8],
  });
}

/** The contenders one after the other in each round, so that a busy moment hits all of them. */
async function hold(contenders: readonly Contender[]): Promise<void> {
  const times = new Map(contenders.map((contender) => [contender, new Array<number>()]));
  for (let round = 0; round < rounds; round++) {
    for (const [contender, list] of times) list.push(await contender.run());
  }
  const medians = [...times].map(([{ name }, list]) => ({ name, ms: median(list.toSorted((a, b) => a - b)) }));
  const own = medians[0]?.ms ?? Number.NaN;
  for (const { name, ms } of medians) {
    process.stdout.write(
      `  ${name.padEnd(46)} ${ms.toFixed(1).padStart(8)} ms  ${(ms / own).toFixed(2)} x the first\n`,
    );
  }
}

function describeTool(name: string): string {
  return readVersion(name) ?? `${name} is not installed`;
}

if (import.meta.main) await benchPkg();
