/**
 * A large policy document, beside the loop that an investigator would write: one dpkg-query a package and one find with grep a file object. Whole processes,
 * cold: `npm run bench scribe`. The loop is run for a part of the objects and scaled to all, which is said.
 */
import { join, resolve } from 'node:path';
import { spawnSync } from 'node:child_process';
import type { ScribeDocument, ScribeObject, ScribeTest } from '../../modules/scribe/document.ts';
import { parseResult } from '../../src/protocol/result.ts';
import { median, readVersion, timeCommand } from './measure.ts';

const agent = join(resolve(import.meta.dirname, '../..'), 'bin/gumshoe-agent');
const rounds = 5;
const packageObjects = 1300;
const fileObjects = 300;
const tests = 2700;
/** How much of the loop is really run. */
const share = 20;

export async function benchScribe(): Promise<void> {
  const names = packageNames();
  if (names.length === 0) {
    process.stdout.write('dpkg-query is not installed: nothing to compare with\n');
    return;
  }
  const document = createDocument(names);
  process.stdout.write(
    `tools: ${['dpkg-query', 'find', 'grep'].map((tool) => readVersion(tool) ?? `no ${tool}`).join('; ')}\n`,
  );
  process.stdout.write(
    `document: ${packageObjects} package objects, ${fileObjects} file objects below /etc and /usr/share, ${tests} tests; ${Math.round(JSON.stringify(document).length / 1024)} KiB\n\n`,
  );
  const parts = splitDocument(document);
  const own = await timeAgent(document);
  const packages = await timeShell(parts.packages.filter((_, at) => at % share === 0).map(queryPackage));
  const files = await timeShell(parts.files.filter((_, at) => at % share === 0).map(searchFiles));
  print('gumshoe, everything', own, own);
  print('gumshoe, the packages only', await timeAgent({ ...document, tests: parts.packageTests }), own);
  print('gumshoe, the files only', await timeAgent({ ...document, tests: parts.fileTests }), own);
  print(`dpkg-query for each package (1/${share} run)`, packages * share, own);
  print(`find -exec grep for each file object (1/${share} run)`, files * share, own);
  print('both loops', (packages + files) * share, own);
  print('one dpkg-query for all packages', await timeShell(['dpkg-query -W']), own);
}

function packageNames(): readonly string[] {
  const { status, stdout } = spawnSync('dpkg-query', ['-W', '-f', '${Package}\n'], { encoding: 'utf8' });
  return status === 0 ? stdout.split('\n').filter(Boolean) : [];
}

const words = ['app', 'base', 'core', 'data', 'main', 'net', 'node', 'perl', 'python', 'system', 'term', 'user'];
const endings = ['conf', 'list', 'service', 'txt', 'json', 'xml', 'pl', 'cfg', 'desktop', 'md'];

/** Half of the packages are installed here; each file object has a pattern of names of its own: exact ones, beginnings, ends. */
function createDocument(names: readonly string[]): ScribeDocument {
  const packages = Array.from({ length: packageObjects }, (_, at): ScribeObject => {
    const name = at % 2 === 0 ? (names[(at * 7) % names.length] ?? '') : `not-installed-${at}`;
    return { object: `package-${at}`, package: { name } };
  });
  const files = Array.from({ length: fileObjects }, (_, at): ScribeObject => {
    const [word = '', ending = ''] = [words[at % words.length], endings[(at >> 2) % endings.length]];
    const forms = [`^${word}-${at}\\.${ending}$`, `^${word}.*\\.${ending}$`, `${word}[0-9]?\\.${ending}$`];
    const expression = `^\\s*version${at % 50}?[ =:]+(\\d+\\.\\d+)`;
    const path = at % 3 === 0 ? '/etc' : '/usr/share';
    return { object: `file-${at}`, filecontent: { path, file: forms[at % forms.length] ?? '', expression } };
  });
  const objects = [...packages, ...files];
  const created = Array.from({ length: tests }, (_, at): ScribeTest => ({
    test: `test-${at}`,
    object: objects[at % objects.length]?.object ?? '',
    evr: { operation: '<', value: `${at % 9}.${at % 13}-${at % 4}` },
    ...(at % 5 === 4 ? { if: [`test-${at - 1}`] } : {}),
  }));
  return { objects, tests: created };
}

function splitDocument({ objects = [], tests: all = [] }: ScribeDocument) {
  const plain = all.map(({ if: _needs, ...test }): ScribeTest => test);
  return {
    packages: objects.filter((object) => object.package),
    files: objects.filter((object) => object.filecontent),
    packageTests: plain.filter(({ object }) => object.startsWith('package-')),
    fileTests: plain.filter(({ object }) => object.startsWith('file-')),
  };
}

function queryPackage(object: ScribeObject): string {
  return `dpkg-query -W -f '\${Version}' ${object.package?.name}`;
}

function searchFiles({ filecontent }: ScribeObject): string {
  const { path = '', file = '', expression = '' } = filecontent ?? {};
  const inner = file.replace(/^\^/, '').replaceAll('.*', '[^/]*');
  const name = `.*/${file.startsWith('^') ? '' : '[^/]*'}${inner.slice(0, -1)}`;
  const pattern = expression.replaceAll('\\s', '[[:space:]]').replaceAll('\\d', '[0-9]');
  return `find ${path} -maxdepth 10 -regextype posix-extended -regex '${name}' -exec grep -aE '${pattern}' {} +`;
}

/** Throws where the agent does not answer every test: a figure of a run that failed is none. */
async function timeAgent(document: ScribeDocument): Promise<number> {
  const input = `${JSON.stringify({ class: 'parameters', parameters: { scribedoc: document } })}\n`;
  const { stdout } = spawnSync(agent, ['-m', 'scribe'], { input, encoding: 'utf8', maxBuffer: 1 << 28 });
  const result = parseResult(stdout);
  if (!result.success) throw new Error(`scribe failed: ${result.errors?.join('; ')}`);
  return median(await timeCommand(agent, ['-m', 'scribe'], { runs: rounds, input }));
}

async function timeShell(commands: readonly string[]): Promise<number> {
  return median(await timeCommand('/bin/sh', ['-c', commands.join('; ')], { runs: 3 }));
}

function print(name: string, timeMs: number, ownMs: number): void {
  const ratio = `${(timeMs / ownMs).toFixed(2)} x gumshoe`;
  process.stdout.write(`  ${name.padEnd(48)} ${timeMs.toFixed(0).padStart(7)} ms  ${ratio}\n`);
}

if (import.meta.main) await benchScribe();
