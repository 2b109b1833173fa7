/**
 * The yara module beside the yara command, whole processes in one run: `npm run bench yara`. Eight rules of the usual kinds over a tree that is made for the run,
 * and over /usr/share. MIG's module needs libyara at build time and scans with one thread; the command with one thread stands for it.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createLogText } from './log-text.ts';
import { median, readVersion, timeCommand } from './measure.ts';

const agent = join(resolve(import.meta.dirname, '../..'), 'bin/gumshoe-agent');
const rounds = 3;
const smallFiles = 8000;
const largeMiB = 96;

const rules = `
rule password { strings: $a = /password\\s*=\\s*"[^"]{8,64}"/ condition: $a }
rule curl_pipe { strings: $a = /curl [^|]{1,80}\\| ?(ba)?sh/ nocase condition: $a }
rule webshell { strings: $a = "eval(base64_decode(" $b = "$_POST[" condition: all of them }
rule upx { strings: $a = "UPX!" condition: uint32(0) == 0x464c457f and $a }
rule syscall_stub { strings: $a = { 48 31 ff 6a ?? 58 0f 05 } condition: $a }
rule miner { strings: $a = "stratum+tcp://" $b = "xmrig" nocase condition: any of them }
rule private_key { strings: $a = "-----BEGIN OPENSSH PRIVATE KEY-----" condition: $a }
rule wide_mimikatz { strings: $a = "mimikatz" wide ascii nocase condition: $a }
`;

interface Contender {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly input?: string;
}

export async function benchYara(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'gumshoe-bench-'));
  try {
    const rulesFile = join(folder, 'rules.yar');
    writeFileSync(rulesFile, rules);
    const tree = join(folder, 'tree');
    const megabytes = createTree(tree);
    const version = readVersion('yara');
    process.stdout.write(`tools: ${version === undefined ? 'yara is not installed' : `yara ${version}`}\n`);
    await hold(`8 rules over ${smallFiles + 2} files, ${megabytes} MB`, tree, rulesFile);
    await hold('8 rules over /usr/share (many small files)', '/usr/share', rulesFile);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** One contest, the contenders one after the other in each round, so that a busy moment hits all of them. */
async function hold(title: string, tree: string, rulesFile: string): Promise<void> {
  const search = { paths: [tree], options: { matchall: true, maxerrors: 1 } };
  const parameters = { yara: rules, search, maxsize: 0 };
  const gumshoe: Contender = {
    name: 'gumshoe',
    command: agent,
    args: ['-m', 'yara'],
    input: `${JSON.stringify({ class: 'parameters', parameters })}\n`,
  };
  const tools: readonly Contender[] =
    readVersion('yara') === undefined
      ? []
      : ['-p 1', '-p 2'].map((threads) => ({
          name: `yara -r ${threads}`,
          command: 'yara',
          args: ['-w', '-r', ...threads.split(' '), rulesFile, tree],
        }));
  const times = new Map<Contender, number[]>();
  for (let round = 0; round < rounds; round++) {
    for (const contender of [gumshoe, ...tools]) {
      const { command, args, input = '' } = contender;
      const [time = Number.NaN] = await timeCommand(command, args, { runs: 1, input });
      times.set(contender, [...(times.get(contender) ?? []), time]);
    }
  }
  const medianOf = (contender: Contender): number =>
    median((times.get(contender) ?? []).toSorted((one, other) => one - other));
  const own = medianOf(gumshoe);
  process.stdout.write(`\n${title}\n`);
  for (const contender of [gumshoe, ...tools]) {
    const time = medianOf(contender);
    const ratio = `${(time / own).toFixed(2)} x gumshoe`;
    process.stdout.write(`  ${contender.name.padEnd(36)} ${time.toFixed(0).padStart(7)} ms  ${ratio}\n`);
  }
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

if (import.meta.main) await benchYara();
