import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { createYaraScanner, type YaraScanner } from '../../../../src/search/yara/create-yara-scanner.ts';
import { createTemporaryFolder } from '../../../helpers/temporary-folder.ts';
import { waitFor } from '../../../helpers/wait-for.ts';

const folder = createTemporaryFolder();
const open: YaraScanner[] = [];
afterAll(async () => {
  await Promise.all(open.map((scanner) => scanner.close()));
  folder[Symbol.dispose]();
});

/** Tests that want nothing special share a scanner. */
const shared = new Map<string, Promise<YaraScanner>>();

function scannerOf(rules: string, options?: Partial<Parameters<typeof createYaraScanner>[0]>): Promise<YaraScanner> {
  const known = options ? undefined : shared.get(rules);
  const scanner = known ?? startScanner(rules, options);
  if (!options) shared.set(rules, scanner);
  return scanner;
}

async function startScanner(
  rules: string,
  options: Partial<Parameters<typeof createYaraScanner>[0]> = {},
): Promise<YaraScanner> {
  const scanner = await createYaraScanner({ rules, timeoutMs: 20_000, ...options });
  open.push(scanner);
  return scanner;
}

function write(name: string, content: string | Uint8Array): string {
  const path = join(folder.path, name);
  writeFileSync(path, content);
  return path;
}

const bytes = (text: string): Uint8Array => Buffer.from(text);
const names = async (matches: Promise<readonly { readonly rule: string }[]>): Promise<readonly string[]> =>
  (await matches).map(({ rule }) => rule);

const needle =
  'rule needle : t1 t2 { meta: author = "me" level = 3 ok = true strings: $a = "needle" $b = { 00 ff ?? 01 } condition: any of them }';
/** Quadratic: some ten seconds for 100,000 a's. */
const slow = `rule slow { strings: $a = /(a+)+$/ condition: $a } ${needle}`;

describe('a scanner', () => {
  test('tells the rules that match, with their tags, texts and numbers, and where their strings are', async () => {
    const scanner = await scannerOf(needle);
    const path = write('hit', Buffer.concat([bytes('a needle, another needle '), Buffer.of(0, 255, 7, 1)]));
    const expected = [
      {
        rule: 'needle',
        namespace: 'default',
        tags: ['t1', 't2'],
        meta: { author: 'me', level: 3, ok: true },
        strings: [
          { identifier: '$a', offset: 2, length: 6 },
          { identifier: '$a', offset: 18, length: 6 },
          { identifier: '$b', offset: 25, length: 4 },
        ],
        stringsLeftOut: 0,
      },
    ];
    expect(await scanner.scanFile(path)).toEqual(expected);
    expect(await scanner.scanBytes(readFileSync(path))).toEqual(expected);
    expect(await scanner.scanBytes(bytes('hay'))).toEqual([]);
  });

  test('answers each of many scans with its own matches', async () => {
    const scanner = await scannerOf(needle);
    const scans = Array.from({ length: 500 }, (_, at) => scanner.scanBytes(bytes(`${'x'.repeat(at)}needle`)));
    const offsets = (await Promise.all(scans)).map(([match]) => match?.strings[0]?.offset);
    expect(offsets).toEqual(Array.from({ length: 500 }, (_, at) => at));
  });

  test('reads files of every size to their end, empty ones and those of /proc too', async () => {
    const scanner = await scannerOf(
      `${needle} rule empty { condition: filesize == 0 } rule proc { strings: $a = "Threads:" condition: $a }`,
    );
    const sizes = [1, 2 ** 20 - 6, 2 ** 20 - 3, 2 ** 22, 33 * 2 ** 20];
    const paths = sizes.map((size) => write(`size-${size}`, Buffer.concat([Buffer.alloc(size), bytes('needle')])));
    const found = await Promise.all(paths.map((path) => scanner.scanFile(path)));
    expect(found.map(([match]) => match?.strings[0]?.offset)).toEqual(sizes);
    expect(await names(scanner.scanFile(write('empty', '')))).toEqual(['empty']);
    if (process.platform === 'linux') expect(await names(scanner.scanFile('/proc/self/status'))).toEqual(['proc']);
  });

  test('says why a file cannot be read and goes on', async () => {
    const scanner = await scannerOf(needle);
    mkdirSync(join(folder.path, 'directory'));
    await expect(scanner.scanFile(join(folder.path, 'nowhere'))).rejects.toMatchObject({
      code: 'YARA_SCAN',
      message: 'no such file or directory',
    });
    await expect(scanner.scanFile(join(folder.path, 'directory'))).rejects.toMatchObject({ code: 'YARA_SCAN' });
    expect(await names(scanner.scanBytes(bytes('needle')))).toEqual(['needle']);
  });

  test('takes a name that is not UTF-8', async () => {
    const scanner = await scannerOf(needle);
    writeFileSync(Buffer.concat([bytes(join(folder.path, 'caf')), Buffer.of(0xe9)]), 'needle');
    expect(await names(scanner.scanFile(join(folder.path, 'caf\udce9')))).toEqual(['needle']);
  });

  test('ends a scan at its time limit, names no other, and does the rest', async () => {
    const scanner = await scannerOf(slow, { timeoutMs: 300, maxProcesses: 1 });
    const scans = [
      bytes('needle'),
      Buffer.concat([Buffer.alloc(200_000, 'a'), bytes('b')]),
      bytes('needle'),
      bytes('x'),
    ];
    const outcomes = await Promise.allSettled(scans.map((one) => scanner.scanBytes(one)));
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled', 'fulfilled']);
    expect(outcomes[1]).toMatchObject({
      reason: { code: 'YARA_TIMEOUT', message: 'scanning took longer than 300 ms' },
    });
    expect(await names(scanner.scanBytes(bytes('needle')))).toEqual(['needle']);
  });

  test('blames no scan for a program that was busy itself', async () => {
    const scanner = await scannerOf(needle, { timeoutMs: 200 });
    const scan = scanner.scanBytes(bytes('needle'));
    await new Promise((resolve) => void setImmediate(resolve));
    const until = performance.now() + 500;
    while (performance.now() < until);
    expect(await names(scan)).toEqual(['needle']);
  });

  test('closes in the midst of a scan', async () => {
    const scanner = await scannerOf(slow, { maxProcesses: 1 });
    const scans = [Buffer.alloc(200_000, 'a'), bytes('x')].map((one) => scanner.scanBytes(one));
    const outcomes = Promise.allSettled(scans);
    await scanner.close();
    expect((await outcomes).map((one) => one.status === 'rejected' && one.reason.code)).toEqual([
      'YARA_SCAN',
      'YARA_SCAN',
    ]);
    await expect(scanner.scanBytes(bytes('x'))).rejects.toMatchObject({ message: 'the scanner was closed' });
  });

  test('bounds the places it tells and counts the others', async () => {
    const scanner = await scannerOf('rule many { strings: $a = "a" condition: $a }');
    const [match] = await scanner.scanBytes(Buffer.alloc(1000, 'a'));
    expect(match?.strings).toHaveLength(64);
    expect(match?.stringsLeftOut).toBe(936);
  });

  test('survives a file that shrinks while it is scanned', async () => {
    const scanner = await scannerOf(slow, { timeoutMs: 2000 });
    const path = write('shrinks', Buffer.alloc(40 * 2 ** 20, 'needle '));
    const scan = scanner.scanFile(path);
    truncateSync(path, 10);
    await scan.catch((error: unknown) => expect(error).toMatchObject({ code: expect.stringMatching(/^YARA_/) }));
    expect(await names(scanner.scanBytes(bytes('needle')))).toEqual(['needle']);
  });
});

test.runIf(process.platform === 'linux')(
  'the child of a program that is killed in the midst of a scan ends with it',
  async () => {
    const program = `
    import { createYaraScanner } from ${JSON.stringify(import.meta.resolve('../../../../src/search/yara/create-yara-scanner.ts'))};
    const scanner = await createYaraScanner({ rules: ${JSON.stringify(slow)}, timeoutMs: 600_000 });
    scanner.scanBytes(Buffer.concat([Buffer.alloc(4_000_000, 'a'), Buffer.from('b')]));
    setTimeout(() => console.log('scanning'), 100);
  `;
    const parent = spawn(process.execPath, ['--input-type=module', '-e', program], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await new Promise((resolve) => void parent.stdout.once('data', resolve));
    const children = readFileSync(`/proc/${parent.pid}/task/${parent.pid}/children`, 'utf8').trim().split(' ');
    expect(children).toHaveLength(1);
    parent.kill('SIGKILL');
    await waitFor('the end of the child', () => isGone(children[0] ?? ''), 5000);
  },
);

function isGone(pid: string): boolean {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8').includes(') Z ');
  } catch {
    return true;
  }
}

describe('rules', () => {
  const refused = async (rules: string, options = {}): Promise<unknown> =>
    scannerOf(rules, options).then(
      () => 'accepted',
      (error: unknown) =>
        error instanceof Error && 'code' in error ? `${String(error.code)} ${error.message}` : error,
    );

  test.each([
    [
      'rule a {\n condition: $y }',
      'YARA_RULES the rules do not compile: line 2, column 13: unknown pattern `$y`: this pattern is not declared in the `strings` section',
    ],
    [
      'rule a { condition: foo }\nrule b { condition: bar }',
      'YARA_RULES the rules do not compile: line 1, column 21: unknown identifier `foo`: this identifier has not been declared; line 2, column 21: unknown identifier `bar`: this identifier has not been declared',
    ],
    [
      'include "/etc/passwd"',
      'YARA_RULES the rules do not compile: line 1, column 1: include statements not allowed: includes are disabled for this compilation',
    ],
    [
      'import "magic" rule a { condition: true }',
      'YARA_RULES the rules do not compile: line 1, column 1: unknown module `magic`: module `magic` not found',
    ],
  ])('%j are refused', async (rules, said) => {
    expect(await refused(rules)).toBe(said);
  });

  test('that crash the compiler are refused', async () => {
    const deep = `rule a { condition: ${'('.repeat(200_000)}true${')'.repeat(200_000)} }`;
    expect(await refused(deep)).toMatch(/^YARA_RULES the rules do not compile: the scanner ended by signal SIG/);
  });

  test('that take too long to compile are refused', async () => {
    expect(await refused(needle, { startMs: 1 })).toBe('YARA_RULES the rules took longer than 1 ms to compile');
  });

  test('of more than 8 MiB are refused', async () => {
    expect(await refused(' '.repeat(8 * 2 ** 20 + 1))).toBe(
      'YARA_RULES expected at most 8388608 bytes of rules, got 8388609',
    );
  });

  test('may import the modules that look at the scanned bytes', async () => {
    const modules = ['pe', 'elf', 'macho', 'dotnet', 'lnk', 'hash', 'math', 'string', 'time', 'console'];
    const imports = modules.map((name) => `import "${name}"`).join('\n');
    const scanner = await scannerOf(
      `${imports} rule md5 { condition: hash.md5(0, filesize) == "900150983cd24fb0d6963f7d28e17f72" and console.log("said nowhere") }`,
    );
    expect(await names(scanner.scanBytes(bytes('abc')))).toEqual(['md5']);
  });

  test('may have the escapes that libyara passes over', async () => {
    const scanner = await scannerOf('rule a { strings: $a = /a\\Rb{c/ condition: $a }');
    expect(await names(scanner.scanBytes(bytes('aRb{c')))).toEqual(['a']);
  });

  test('see externals with their types', async () => {
    const rules = 'rule a { condition: n == -5 and not b and s == "x y" and limit > 3 }';
    const scanner = await scannerOf(rules, { externals: { n: -5, b: false, s: 'x y', limit: '4' } });
    expect(await names(scanner.scanBytes(bytes('')))).toEqual(['a']);
  });

  test.each([
    [{ 'a b': 1 }, 'YARA_RULES external a b: expected a name of letters, digits and _ such as limit, got "a b"'],
    [{ n: 1.5 }, 'YARA_RULES external n: expected a whole number, got 1.5'],
    [{ s: '\0' }, 'YARA_RULES external s: expected a text without a NUL character'],
  ])('with externals %j are refused', async (externals, said) => {
    expect(await refused(needle, { externals })).toBe(said);
  });

  test('warn with lines and columns', async () => {
    const scanner = await scannerOf('rule a { condition: true }');
    expect(scanner.warnings).toEqual([
      'line 1, column 21: invariant boolean expression: this expression is always true',
    ]);
  });
});

test('where the engine is not installed, YARA_MISSING says so', async () => {
  await expect(createYaraScanner({ rules: needle, timeoutMs: 1000, engine: '@nobody/yara' })).rejects.toMatchObject({
    code: 'YARA_MISSING',
    message: expect.stringMatching(
      /^the YARA engine @nobody\/yara cannot be loaded on this host .*: Cannot find package '@nobody\/yara'/,
    ),
  });
});
