/** What is found, and what is not: conditions, limits, hostile texts, stops. */
import { expect, test } from 'vitest';
import { printResults, rows } from '../../../modules/lineage/print-results.ts';
import { visible } from '../../../src/base/visible.ts';
import { ask, linesOf } from './ask.ts';
import { at, build, createFakeLineage, known, makeNodes, type Told } from './fake-lineage.ts';

const lineage = createFakeLineage(makeNodes(build));
const asked = async (flags: string): Promise<string> =>
  (await ask(lineage, flags)).elements.processes
    .filter(({ found }) => found === 'asked')
    .map(({ name }) => name)
    .join(' ');

test.each([
  ['-name sshd', 'sshd'],
  ['-name ssh', ''],
  ['-name ^ssh', 'sshd'],
  ['-name make -name true', 'make true'],
  ['-name init', 'systemd'],
  ['-name systemd', 'systemd'],
  ['-id id4242', 'make'],
  ['-id id424', 'make sh'],
  ["-command 'echo hi$'", 'sh'],
  ['-command ^/tmp/', 'miner'],
  ['-user ann -exited 0', 'sh true'],
  ['-user 33', 'sleep'],
  ['-user nobody', ''],
  ['-login ann', 'make'],
  ['-failed', 'make cc1'],
  ['-failed -under 812', 'make cc1'],
  ['-under 4242', 'sh cc1 miner true'],
  ['-under miner', 'true'],
  ['-under nothing', ''],
  ['-name true -under sleep', ''],
  ['-container *', ''],
  ['-from 14:30:05 -until 14:30:06 -user www-data', 'sleep'],
  ['-from 14:30:10 -user www-data', ''],
  ['-at 14:02:01.500 -user ann', 'bash make cc1'],
])('%s finds %j', async (flags, names) => {
  expect(await asked(flags)).toBe(names);
});

test('what only its parent was told to have is marked, and named in the elements', async () => {
  const inherited = { container: '3f2a91b3d47e60aa', loginUid: known(1000), loginSession: 4 };
  const told: readonly Told[] = [
    { pid: 1, from: '10:00', run: ['init'] },
    { pid: 2, of: 1, from: '10:01', ...inherited, inferred: ['comm', 'loginSession', 'container'] },
    { pid: 3, of: 1, from: '10:01', run: ['ls'], ...inherited, inferred: ['comm'] },
  ];
  const answer = await ask(createFakeLineage(makeNodes(told)), '-pid 2 -pid 3');
  const [, copy, other] = answer.elements.processes;
  expect(copy?.inferred).toEqual(['name', 'loginSession', 'container']);
  expect(other?.inferred).toEqual([]);
  const drawn = linesOf(answer).join('\n');
  expect(drawn).toContain('login ann (session ~4), container ~3f2a91b3d47e60aa');
  expect(drawn).toContain('login ann (session 4), container 3f2a91b3d47e60aa');
});

test('a container is asked for by the beginning of its id, and stands in the tree where it begins', async () => {
  const told: Told[] = [
    { pid: 1, from: '10:00', run: ['init'] },
    { pid: 2, of: 1, from: '10:01', run: ['sh'], container: '3f2a91b3d47e60aa' },
    { pid: 3, of: 2, from: '10:02', run: ['ls'], container: '3f2a91b3d47e60aa' },
  ];
  const answer = await ask(createFakeLineage(makeNodes(told)), '-container 3f2a -args=false');
  expect(linesOf(answer).filter((line) => /\d{2}:/.test(line.slice(0, 8)))).toEqual([
    '10:00:00 5h00m running init 1',
    '10:01:00 4h59m running └─▸sh 2 [container 3f2a91b3d47e]',
    '10:02:00 4h58m running   └─▸ls 3',
  ]);
  expect(answer.elements.processes[1]).toMatchObject({ container: '3f2a91b3d47e60aa', arguments: null });
});

test('the limit keeps what is newest and nearest, and says what was left out', async () => {
  const answer = await ask(lineage, '-pid 4242 -descendants -limit 3');
  expect(answer.elements.processes.map(({ name }) => name)).toEqual(['make', 'sh', 'cc1']);
  expect(answer.elements).toMatchObject({ omitted: 2 });
  expect(answer.errors).toEqual([
    '2 more processes fit, the limit is 3: narrow the question, or raise -limit (up to 20000)',
  ]);
  expect(linesOf(answer)).toContain('2 more processes fit and are not told');
  const newest = await ask(lineage, '-user ann -limit 1');
  expect(newest.elements.processes.map(({ name }) => name)).toEqual(['true']);
});

test('an answer has no more text than a socket carries', async () => {
  const args = ['x', 'y'.repeat(10_000)];
  const told: Told[] = Array.from({ length: 50 }, (_, n) => ({ pid: n + 10, from: `10:00:${n + 10}`, run: args }));
  const answer = await ask(createFakeLineage(makeNodes(told)), '-name x', { mostBytes: 200_000 });
  expect(answer.elements.processes.length).toBeLessThan(10);
  expect(answer.elements.processes.length + answer.elements.omitted).toBe(50);
  expect(answer.errors?.[0]).toMatch(/^4\d more processes have more text than one answer may/);
});

test('a time says which life of a number is meant; what it did is told whenever that was', async () => {
  const answer = await ask(lineage, '-pid 4242 -from 14:02:00 -until 14:02:00.300 -descendants');
  expect(answer.elements.processes.map(({ name }) => name)).toEqual(['make', 'sh', 'cc1', 'miner', 'true']);
});

test('a number that was used before is told by its last life, and by all with a time', async () => {
  const lives = createFakeLineage(
    makeNodes([
      { pid: 9, id: 'first', from: '10:00', to: '10:01', code: 0, run: ['old'] },
      { pid: 9, id: 'second', from: '11:00', to: '11:01', code: 0, run: ['new'] },
    ]),
  );
  const answer = await ask(lives, '-pid 9');
  expect(answer.elements.processes.map(({ id }) => id)).toEqual(['second']);
  expect(answer.errors).toEqual(['1 earlier process had the number 9: -from or -at tells them']);
  expect((await ask(lives, '-pid 9 -from 6h')).elements.processes.map(({ id }) => id)).toEqual(['first', 'second']);
  expect((await ask(lives, '-pid 9 -at 10:00:30')).elements.processes.map(({ id }) => id)).toEqual(['first']);
});

test('what cannot be known is said: files nobody listens to, times before the beginning', async () => {
  expect((await ask(lineage, '-wrote /etc/', { files: [] })).errors).toContain(
    'no folders are listed as "files" of lineage in the configuration of this agent: changes of files are not heard',
  );
  const files = ['/etc/nginx', '/var/www/'];
  const listed = '"files" of lineage in the configuration of this agent lists /etc/nginx, /var/www/';
  const errorsOf = async (flags: string) => (await ask(lineage, flags, { files })).errors.slice(1);
  expect(await errorsOf('-wrote /bin/ls')).toEqual([`changes of /bin/ls are not heard: ${listed}`]);
  expect(await errorsOf('-wrote /etc/nginx2/')).toEqual([`changes of /etc/nginx2/ are not heard: ${listed}`]);
  expect(await errorsOf('-wrote /etc/')).toEqual([`of /etc/ not all changes are heard: ${listed}`]);
  for (const heard of ['/etc/nginx', '/etc/nginx/', '/etc/nginx/a', '/var/www/', '/var/www/x/'])
    expect(await errorsOf(`-wrote ${heard}`), heard).toEqual([]);
  expect((await ask(lineage, '-failed -from 2026-11-20')).errors).toEqual([
    'asked from 2026-11-20T00:00:00.000Z on: before 2026-11-21T00:00:00.000Z nothing is known but what still ran then',
  ]);
  expect((await ask(lineage, '-user bob -user ann -login 77')).errors).toEqual([
    'no process that is known fits: the lineage knows nothing before 2026-11-21T00:00:00.000Z',
    'this endpoint has no user bob in its own file: ask by the number',
  ]);
  expect((await ask(lineage, '-under nothing')).errors).toEqual(['no process nothing is known']);
  await expect(ask(lineage, '-from 14:00 -until 2026-11-21T13:00Z')).rejects.toThrow(
    'expected "until" after "from", got from 2026-11-21T14:00:00.000Z until 2026-11-21T13:00:00.000Z',
  );
  await expect(ask(lineage, '-from 14:00 -until 13:59')).rejects.toThrow(
    'expected "until" after "from": 13:59 is 2026-11-22T13:59:00.000Z there, the first after 2026-11-21T14:00:00.000Z',
  );
  // Later today is no mistake, nor is an end after midnight that has passed.
  expect((await ask(lineage, '-name make -from 14:00 -until 23:00')).foundanything).toBe(true);
  expect((await ask(lineage, '-name sshd -from 23:50 -until 00:10')).foundanything).toBe(false);
});

test('what was not heard yet on a busy host is said, unless the question ends before', async () => {
  const source = { isWorking: true, lacks: undefined, events: 1, gaps: 0, drops: 0 };
  const sources = [
    { ...source, source: 'connector' as const, watermarkNs: 70e9 },
    { ...source, source: 'proc' as const, watermarkNs: 90.5e9 },
  ];
  const busy = createFakeLineage(makeNodes(build), { status: { sources } });
  const said = 'connector is 20.5s behind on this busy host: ask again for what happened since';
  expect((await ask(busy, '-name make')).errors).toEqual([said]);
  expect((await ask(busy, '-at 10s')).errors).toEqual([said]);
  expect((await ask(busy, '-gaps')).errors).toEqual([said]);
  expect((await ask(busy, '-name make -until 30s')).errors).toEqual([]);
});

test.each([
  [['node', '/usr/bin/npm', 'install'], 'npm'],
  [['node', '--no-warnings', '-r', 'hook', '/opt/x/cli.js'], 'cli.js'],
  [['python3.11', '-u', '-m', 'http.server'], 'http.server'],
  [['perl', '-lane', 'print'], undefined],
  [['node', '-e', 'npm'], undefined],
  [['npm install --offline'], 'npm'],
  [['bash', '/tmp/npm'], undefined],
])('of %j the script %s is a name, too', async (run, script) => {
  const program = run[0]?.startsWith('npm') ? 'node' : run[0];
  const told: Told[] = [
    { pid: 5, from: '14:00', run, comm: program, executable: known(`/usr/bin/${program}`) } as Told,
    { pid: 6, of: 5, from: '14:01', run: ['sh'] },
  ];
  const scripts = createFakeLineage(makeNodes(told));
  const pidsOf = async (flags: string): Promise<readonly number[]> =>
    (await ask(scripts, flags)).elements.processes.filter(({ found }) => found === 'asked').map(({ pid }) => pid);
  for (const name of ['npm', 'cli', 'http', 'print']) {
    const isIt = script !== undefined && (script === name || script.startsWith(`${name}.`));
    expect(await pidsOf(`-name ^${name}`), name).toEqual(isIt ? [5] : []);
  }
  if (script === 'npm') {
    expect(await pidsOf('-name npm -name node')).toEqual([5]);
    expect(await pidsOf('-under npm')).toEqual([6]);
  }
});

test('hostile names, arguments and paths reach the screen as they are, and leave it harmless', async () => {
  const evil = '\x1b]0;owned\x07\nroot 1 \xe2\x80\xae \xff';
  const told: Told[] = [
    {
      pid: 66,
      from: '10:00',
      run: ['x'],
      comm: evil.slice(0, 15),
      executable: known(`/tmp/${evil}`),
      args: known([evil, '', "it's"]),
      cwd: known(`/home/${evil}`),
      files: [{ ...at('10:01'), change: 'created', path: `/etc/${evil}` }],
    } as unknown as Told,
    { pid: 67, from: '10:00', run: ['constructor'], id: '__proto__' },
  ];
  const answer = await ask(createFakeLineage(makeNodes(told)), '-pid 66');
  // UTF-8 where it is valid; a byte that is none stands alone.
  expect(answer.elements.processes[0]?.executable?.value).toBe('/tmp/\u001b]0;owned\u0007\nroot 1 \u202e \udcff');
  const lines = linesOf(answer).map(visible);
  expect(lines[0]).toContain(String.raw`/tmp/\x1b]0;owned\x07\nroot 1 \u{202e} \u{dcff}`);
  for (const line of lines) expect(line).toMatch(/^[\x20-\x7e─-╿▸…]*$/);
  expect((await ask(createFakeLineage(makeNodes(told)), '-id __proto__')).elements.processes).toHaveLength(1);
});

test('a cut never halves what hides in a text', async () => {
  const told: Told[] = [{ pid: 5, from: '14:00', run: ['x', '\x1b'.repeat(100)] }];
  const [head = ''] = linesOf(await ask(createFakeLineage(makeNodes(told)), '-pid 5'), 60).map(visible);
  expect(head.length).toBeLessThanOrEqual(60);
  expect(head).toMatch(/(\\x1b)+…$/);
});

test('elements that are not what they should be are printed, or refused, never believed', () => {
  const envelope = { foundanything: true, success: true, statistics: null, errors: ['e'] } as const;
  for (const elements of [{}, { processes: null }, { processes: 'x', gaps: 7 }]) {
    const result = { ...envelope, errors: ['e'], elements: elements as never };
    expect(printResults(result, { matchOnly: false }).at(-1)?.text).toBe('error: e');
    expect(rows(result)).toEqual([]);
  }
});

test('a chain that leads back to itself comes to an end', async () => {
  const circle = makeNodes([
    { pid: 2, of: 3, from: '10:00', run: ['a'] },
    { pid: 3, of: 2, from: '10:01', run: ['b'] },
  ]);
  const answer = await ask(createFakeLineage(circle), '-pid 2');
  expect(answer.elements.processes.length).toBeLessThanOrEqual(2);
  expect(answer.success).toBe(true);
});

test('a stop ends the work with what was found until then, and says so', async () => {
  const stop = new AbortController();
  stop.abort();
  const answer = await ask(lineage, '-name .', { signal: stop.signal });
  expect(answer.errors).toContain('stopped: what was found until then is told');
});

test('10,000 processes are told and drawn within three seconds of a core, the deepest chain among them', async () => {
  const told: Told[] = [{ pid: 1, from: '00:00:01', run: ['init'] }];
  for (let pid = 2; pid <= 10_000; pid++) {
    const of = pid <= 3000 ? pid - 1 : 1 + (pid % 3000);
    told.push({ pid, of, from: '10:00:00', to: '10:00:01', code: pid % 2, run: ['step', String(pid)], uid: 1000 });
  }
  const big = createFakeLineage(makeNodes(told));
  const before = process.cpuUsage();
  const answer = await ask(big, '-pid 1 -limit 20000');
  const lines = linesOf(answer, 100);
  const { user, system } = process.cpuUsage(before);
  expect((user + system) / 1000).toBeLessThan(3000);
  expect(answer.elements.processes).toHaveLength(10_000);
  expect(lines.length).toBeGreaterThan(9000);
});
