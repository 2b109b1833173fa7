/** Answers as they are read: the tree, literally. */
import { expect, test } from 'vitest';
import { enhancePrivacy } from '../../../modules/lineage/enhance-privacy.ts';
import { printResults, rows } from '../../../modules/lineage/print-results.ts';
import type { GapNode } from '../../../src/lineage/process-node.ts';
import { ask, linesOf } from './ask.ts';
import { at, build, createFakeLineage, known, makeNodes, type Told } from './fake-lineage.ts';

const lineage = createFakeLineage(makeNodes(build));

test('a process is told with who started it, what it did and how it ended', async () => {
  expect(linesOf(await ask(lineage, '-pid 4242'))).toEqual([
    '~00:00:01 14h59m running   systemd=init 1 (root)',
    ' 09:12:08  5h47m running   └─sshd 812 -D',
    ' 14:01:10 58m50s running     └─bash 4100 (ann) -bash',
    ' 14:02:00   3.2s exit 2        └─▸make 4242 -j2 all',
    '                                 │ in /home/ann/src, login ann (session 4)',
    '                                 │ id id4242, 14:02:00.100 to 14:02:03.300',
    " 14:02:00   12ms exit 0          ├─sh 4243 -c 'echo hi'",
    ' 14:02:01  900ms SEGV core       ├─cc1 4250 a.c',
    ' 14:02:02 57m58s running         └─miner 4260 (now under ~1 systemd) /tmp/x/miner --quiet',
    ' 14:02:02    3ms exit 0            └─true 4270',
  ]);
});

test('its tones tell what was asked, what surrounds it, what failed and what crashed', async () => {
  const printed = printResults(await ask(lineage, '-pid 4100'), { matchOnly: true });
  const toneOf = (part: string) => printed.find(({ text }) => text.includes(part))?.tone;
  const parts = ['systemd=init 1', 'bash 4100', 'make 4242', 'cc1 4250', 'miner 4260'];
  expect(parts.map(toneOf)).toEqual(['quiet', 'hit', 'warning', 'error', 'plain']);
});

test('only ancestors, only descendants, and only so many generations are told when asked for', async () => {
  const namesOf = async (flags: string): Promise<string> =>
    (await ask(lineage, flags)).elements.processes.map(({ name, depth }) => `${depth}${name}`).join(' ');
  expect(await namesOf('-pid 4242 -ancestors')).toBe('0systemd 1sshd 2bash 3make');
  expect(await namesOf('-pid 4242 -descendants')).toBe('0make 1sh 1cc1 1miner 2true');
  expect(await namesOf('-pid 4242 -descendants -depth 1')).toBe('0make 1sh 1cc1 1miner');
  expect(await namesOf('-pid 4242 -ancestors -descendants -depth 0')).toBe('0systemd 1sshd 2bash 3make');
});

test('children that are not shown are counted', async () => {
  expect(linesOf(await ask(lineage, '-name make -descendants -depth 0'))[0]).toBe(
    '14:02:00 3.2s exit 2 ▸make 4242 (ann) (started by 4100 bash) -j2 all {+3 children}',
  );
});

test('what ran below a process in a time is told with what stands between them', async () => {
  const answer = await ask(lineage, '-under sshd -from 14:02:01 -until 14:02:01.950');
  expect(linesOf(answer)).toEqual([
    '09:12:08  5h47m running   sshd 812 (root) (started by 1 systemd) -D',
    '14:01:10 58m50s running   └─▸bash 4100 (ann) -bash',
    '                            │ id id4100, 14:01:10.000 on',
    '14:02:00   3.2s exit 2      └─▸make 4242 -j2 all {+2 children}',
    '                              │ in /home/ann/src, login ann (session 4)',
    '                              │ id id4242, 14:02:00.100 to 14:02:03.300',
    '14:02:01  900ms SEGV core     └─▸cc1 4250 a.c',
    '                                  id id4250, 14:02:01.000 to 14:02:01.900',
  ]);
  expect(answer.elements.question).toBe(
    'processes: under sshd, from 2026-11-21T14:02:01.000Z, until 2026-11-21T14:02:01.950Z',
  );
});

test('at a moment the tree is drawn as it was then, with the parents and programs of then', async () => {
  const execution = (time: string, path: string) => ({ ...at(time), executable: path, args: [path, '-x'] });
  const nodes = makeNodes([
    { pid: 1, from: '00:00:01', run: ['init'] },
    { pid: 50, of: 1, from: '10:00:00', to: '10:00:05', code: 0, run: ['sh'] },
    {
      pid: 51,
      of: 50,
      from: '10:00:01',
      run: ['daemon'],
      executions: [execution('10:00:01', '/usr/bin/sh'), execution('10:00:03', '/usr/bin/daemon')],
      executionCount: 2,
      parent: { pid: 1, id: 'id1', how: 'observed' },
    },
  ]);
  const moments = createFakeLineage(nodes);
  expect(linesOf(await ask(moments, '-at 10:00:02 -limit 100')).filter((line) => !line.includes('id id'))).toEqual([
    '00:00:01 14h59m running ▸init 1',
    '10:00:00     5s exit 0  └─▸sh 50',
    '10:00:01  4h59m running   └─▸sh 51 (now under 1 init) -x',
    expect.stringContaining('ran'),
    expect.stringContaining('ran'),
  ]);
  const later = await ask(moments, '-at 10:00:30');
  expect(later.elements.processes.map(({ name, below }) => [name, below])).toEqual([
    ['init', null],
    ['daemon', 'id1'],
  ]);
});

test('what failed is told with its ancestors; the number of children that are left out is said', async () => {
  const answer = await ask(lineage, '-failed -from 14:00');
  expect(answer.elements.processes.filter(({ found }) => found === 'asked').map(({ name }) => name)).toEqual([
    'make',
    'cc1',
  ]);
  expect((await ask(lineage, '-exited SIGSEGV')).elements.processes.at(-1)).toMatchObject({
    name: 'cc1',
    end: { signal: 'SEGV', signalNumber: 11, code: null, hasCore: true, reason: 'signalled' },
  });
  expect((await ask(lineage, '-exited 2')).elements.processes.at(-1)?.name).toBe('make');
  expect((await ask(lineage, '-exited core')).elements.processes.at(-1)?.name).toBe('cc1');
});

test('executions, failed ones and files of a process are told below it', async () => {
  const told: Told[] = [
    {
      pid: 7,
      from: '14:00',
      to: '14:00:02',
      code: 0,
      run: ['nginx', '-t'],
      executions: [
        { ...at('14:00'), executable: '/bin/sh', args: ['sh', '-c', 'exec nginx -t'], cwd: '/etc/nginx' },
        { ...at('14:00:01'), executable: '/usr/bin/nginx', args: ['nginx', '-t'] },
      ],
      executionCount: 2,
      failedExecutions: [{ ...at('14:00:00.500'), executable: '/opt/nginx', args: ['nginx'], error: 'ENOENT' }],
      files: [
        { ...at('14:00:01'), change: 'created', path: '/run/nginx.pid' },
        { ...at('14:00:02'), change: 'renamed', path: '/etc/a b', from: '/etc/a' },
        { ...at('14:00:02'), change: 'created', path: '/etc/c', from: '/tmp/c' },
        { ...at('14:00:02'), change: 'deleted', path: '/etc/d', to: '/tmp/d d' },
      ],
      fileCount: 9,
    },
  ];
  const nodes = createFakeLineage(makeNodes(told));
  expect(linesOf(await ask(nodes, '-pid 7'))).toEqual([
    '14:00:00 2s exit 0 ▸nginx 7 -t',
    '                     id id7, 14:00:00.000 to 14:00:02.000',
    "14:00:00             ran /bin/sh as sh -c 'exec nginx -t' in /etc/nginx",
    '14:00:01             ran /usr/bin/nginx as nginx -t',
    '14:00:00             could not run /opt/nginx as nginx: ENOENT',
    '14:00:01             created /run/nginx.pid',
    "14:00:02             renamed /etc/a to '/etc/a b'",
    '14:00:02             created /etc/c (moved from /tmp/c)',
    "14:00:02             deleted /etc/d (moved to '/tmp/d d')",
    '                     and 5 more changes of files',
  ]);
  expect(rows(await ask(nodes, '-pid 7'))[0]).toMatchObject({
    ran: 2,
    notstarted: '/opt/nginx: ENOENT',
    files: 9,
    touched:
      "created /run/nginx.pid; renamed '/etc/a b' from /etc/a; created /etc/c from /tmp/c; deleted /etc/d to '/tmp/d d'",
  });
  expect(linesOf(await ask(nodes, '-wrote /etc/'))).toContain("14:00:02             renamed /etc/a to '/etc/a b'");
  expect((await ask(nodes, '-wrote /etc/ -change written')).foundanything).toBe(false);
  // Where something was moved to or from counts as touched, too.
  const asked = (await ask(nodes, '-wrote /tmp/')).elements.processes[0]?.files.filter(({ isAsked }) => isAsked);
  expect(asked?.map(({ path, from, to }) => [path, from, to])).toEqual([
    ['/etc/c', '/tmp/c', null],
    ['/etc/d', null, '/tmp/d d'],
  ]);
  expect((await ask(nodes, '-change created')).foundanything).toBe(true);
  expect((await ask(nodes, '-wrote /run/nginx.pid -files=false')).elements.processes[0]?.files).toEqual([]);
});

test('a duration by the clock of the wall is told in whole milliseconds: it is no better', async () => {
  const start = { ...at('14:00:00'), wallMs: at('14:00:00').wallMs + 0.323486328125 };
  const nodes = createFakeLineage(
    makeNodes([{ pid: 7, from: '14:00:00', run: ['sleep'] }]).map((node) => ({ ...node, start })),
  );
  expect(rows(await ask(nodes, '-pid 7'))[0]).toMatchObject({ ms: 3_600_000, start: '2026-11-21T14:00:00.000Z' });
});

test('of a process that is told for its place below another it is said, too, that it is a copy or was never seen', async () => {
  const told: Told[] = [
    { pid: 10, from: '14:00', run: ['sh'] },
    { pid: 11, of: 10, from: '14:00:01', to: '14:00:02', code: 0 },
    { pid: 12, of: 11, from: '14:00:01', to: '14:00:02', code: 0, executionCount: 1 },
    { pid: 13, of: 12, from: '14:00:01', to: '14:00:02', code: 0 },
  ];
  const answer = await ask(createFakeLineage(makeNodes(told)), '-under sh -limit 100');
  expect(linesOf(answer).filter((line) => line.includes('14:00:01 '))).toEqual([
    '14:00:01    1s exit 0  └─▸~sh 11 (forked)',
    '14:00:01    1s exit 0    └─▸? 12 (gone before it could be looked at)',
    '14:00:01    1s exit 0      └─▸? 13 (forked)',
  ]);
});

test('a sentence that a program writes over its arguments is told without the emptiness behind it', async () => {
  const told: Told[] = [
    { pid: 7, from: '14:00', run: ['sshd: ann [priv]', '', '', ''], comm: 'sshd', executable: known('/usr/sbin/sshd') },
    { pid: 8, of: 7, from: '14:00', run: ['printf', ''] },
  ];
  const answer = await ask(createFakeLineage(makeNodes(told)), '-pid 7 -pid 8');
  expect(linesOf(answer).flatMap((line) => /▸.*/.exec(line) ?? [])).toEqual([
    '▸sshd 7 sshd: ann [priv]',
    "▸printf 8 ''",
  ]);
  expect(rows(answer).map((row) => row['arguments'])).toEqual(["'sshd: ann [priv]'", "printf ''"]);
});

test('of what is only known by what it did nobody says that it runs', async () => {
  const file = { ...at('14:00:01'), change: 'written' as const, path: '/etc/a' };
  const told: Told[] = [{ pid: 7, state: 'pendingBirth', files: [file, { ...file, path: '/etc/b' }], fileCount: 3 }];
  const nodes = createFakeLineage(makeNodes(told));
  expect(linesOf(await ask(nodes, '-wrote /etc/'))).toEqual([
    '?        ? ? ▸? 7',
    '               id id7',
    '14:00:01       written /etc/a',
    '14:00:01       written /etc/b',
    '               and 1 more change of files',
  ]);
});

test('a program that was found in another folder of PATH is no failure; what was found in none is one', async () => {
  const failed = (path: string, time = '14:00:00') => ({
    ...at(time),
    executable: path,
    args: ['cc'],
    error: 'ENOENT',
  });
  const cc = { ...at('14:00:00.050'), executable: '/usr/bin/x86_64-linux-gnu-gcc-12', args: ['cc', 'a.c'] };
  const search = [failed('/a/cc'), failed('/b/cc')].map((one) => ({ ...one, args: ['cc', 'a.c'] }));
  const told: Told[] = [
    { pid: 5, from: '14:00', run: ['sh'], failedExecutions: [failed('/a/none'), failed('/b/none'), failed('/b/no')] },
    { pid: 6, of: 5, from: '14:00', run: ['cc', 'a.c'], executions: [cc], failedExecutions: search },
    { pid: 7, of: 5, from: '14:00', run: ['cc'], executions: [cc], failedExecutions: [failed('/c/cc', '14:00:09')] },
    { pid: 8, of: 5, from: '14:00', run: ['cc'], failedExecutions: [{ ...failed('/a/cc'), error: 'EACCES' }] },
  ];
  const answer = await ask(createFakeLineage(makeNodes(told)), '-pid 5');
  expect(linesOf(answer).map((text) => text.replace(/^.*running +/, ''))).toEqual([
    '▸sh 5',
    '                       │ id id5, 14:00:00.000 on',
    '14:00:00               │ could not run /a/none as cc: ENOENT, tried 2 times',
    '14:00:00               │ could not run /b/no as cc: ENOENT',
    '├─cc 6 a.c',
    '├─cc 7 {1 failed start}',
    '└─cc 8 {1 failed start}',
  ]);
  expect(rows(answer).map((row) => row['notstarted'])).toEqual([
    '/a/none: ENOENT; /b/no: ENOENT',
    '',
    '/c/cc: ENOENT',
    '/a/cc: EACCES',
  ]);
  expect(answer.elements.processes[1]?.failedExecutions).toHaveLength(2);
  const hidden = enhancePrivacy(answer) as typeof answer;
  expect(linesOf(hidden).join()).toContain('2 failed starts');
});

test('siblings that are alike become one line, and stay one row each', async () => {
  const told: Told[] = [{ pid: 10, from: '14:00', run: ['loop'] }];
  for (let pid = 11; pid < 23; pid++) {
    told.push({ pid, of: 10, from: `14:00:${pid}`, to: `14:00:${pid}.00${pid % 3}`, code: 0, run: ['true'] });
  }
  told.push({ pid: 30, of: 10, from: '14:00:30', to: '14:00:31', code: 1, run: ['true'] });
  const answer = await ask(createFakeLineage(makeNodes(told)), '-pid 10');
  expect(linesOf(answer).slice(2)).toEqual([
    '14:00:11  <2ms exit 0  ├─12 x true 11..22',
    '14:00:30    1s exit 1  └─true 30',
  ]);
  expect(rows(answer)).toHaveLength(14);
});

const gap = (from: string, until: string, fields: Partial<GapNode> = {}): GapNode => ({
  source: 'connector',
  from: at(from),
  until: at(until),
  reason: "the socket's buffer was full",
  ...fields,
});

test('what was gone before anybody could look at it is told as such, a copy of its parent by that name', async () => {
  const told: Told[] = [
    { pid: 10, from: '14:00', run: ['sh'] },
    { pid: 11, of: 10, from: '14:00:01', to: '14:00:02', code: 0, executionCount: 1 },
    { pid: 12, of: 10, from: '14:00:02', to: '14:00:03', code: 0 },
  ];
  const answer = await ask(createFakeLineage(makeNodes(told)), '-pid 10');
  expect(linesOf(answer).slice(2)).toEqual([
    '14:00:01    1s exit 0  ├─? 11 (gone before it could be looked at)',
    '14:00:02    1s exit 0  └─~sh 12 (forked)',
    '1 was gone before /proc could be read: "audit: true" of lineage in the agent\'s configuration tells what such ones run',
  ]);
  expect(rows(answer).map(({ name }) => name)).toEqual(['sh', '?', '?']);
});

test('a gap stands in the tree where it belongs, with its drops and its repair', async () => {
  const gaps = [
    gap('08:00', '08:00:01', { drops: 1, repairedMs: at('08:00:02').wallMs }),
    gap('14:02:01.500', '14:02:01.700', { drops: 120, repairedMs: at('14:02:01.900').wallMs }),
    gap('14:02:02.600', '14:02:02.700'),
  ];
  const answer = await ask(createFakeLineage(makeNodes(build), { gaps }), '-pid 4242 -descendants');
  expect(linesOf(answer)).toEqual([
    '14:02:00   3.2s exit 2    ▸make 4242 (ann) (started by 4100 bash) -j2 all',
    '                          │ in /home/ann/src, login ann (session 4)',
    '                          │ id id4242, 14:02:00.100 to 14:02:03.300',
    "14:02:00   12ms exit 0    ├─sh 4243 -c 'echo hi'",
    '14:02:01  900ms SEGV core ├─cc1 4250 a.c',
    "14:02:01  200ms gap       ├─gap of connector: 120 events missed (the socket's buffer was full), right again since 14:02:01",
    '14:02:02 57m58s running   ├─miner 4260 (now under ~1 systemd) /tmp/x/miner --quiet',
    '14:02:02    3ms exit 0    │ └─true 4270',
    "14:02:02  100ms gap       └─gap of connector: events missed, nobody knows how many (the socket's buffer was full), not repaired yet",
  ]);
  const toneOf = (part: string) =>
    printResults(answer, { matchOnly: true }).find(({ text }) => text.includes(part))?.tone;
  expect([toneOf('120 events'), toneOf('nobody knows')]).toEqual(['warning', 'error']);
});

test('many gaps in one place are one line, and all of them are told when asked for', async () => {
  const gaps = Array.from({ length: 9 }, (_, n) => gap(`14:02:00.${n + 3}`, `14:02:00.${n + 3}5`, { drops: 10 }));
  const gapped = createFakeLineage(makeNodes(build), { gaps });
  expect(linesOf(await ask(gapped, '-pid 4242 -descendants')).filter((line) => line.includes('gap'))).toEqual([
    "14:02:00  360ms gap       ├─9 gaps until 14:02:00: 90 events missed (the socket's buffer was full, ...), not repaired yet",
  ]);
  const asked = await ask(gapped, '-gaps');
  expect(asked.foundanything).toBe(true);
  expect(asked.elements.gaps).toHaveLength(9);
  expect(linesOf(asked).filter((line) => line.includes('10 events missed'))).toHaveLength(9);
  expect(rows(asked)[0]).toMatchObject({
    kind: 'gap',
    name: 'connector',
    ms: 50,
    arguments: "10 events missed: the socket's buffer was full",
  });
  expect((await ask(gapped, '-gaps -from 14:30')).elements).toMatchObject({ gaps: [], processes: [] });
  expect((await ask(gapped, '-gaps -from 14:00')).elements.gaps).toHaveLength(9);
});

test('a screen that is narrow cuts what stands behind the columns, and marks it', async () => {
  const lines = linesOf(await ask(lineage, '-pid 4242'), 60);
  expect(lines.filter((line) => line.length > 60)).toEqual([]);
  expect(lines.slice(-2)).toEqual([
    ' 14:02:02 running         └─miner 4260 (now under ~1 system…',
    ' 14:02:02 exit 0            └─true 4270',
  ]);
  expect(linesOf(await ask(lineage, '-pid 4242'), 80).at(-2)).toBe(
    ' 14:02:02 57m58s running         └─miner 4260 (now under ~1 systemd) /tmp/x/min…',
  );
  const wide = await ask(
    createFakeLineage(makeNodes([{ pid: 5, from: '14:00', run: ['x', 'y'.repeat(5000)] }])),
    '-pid 5',
  );
  expect(linesOf(wide)[0]).toHaveLength('14:00:00 1h00m running '.length + 400);
});

test('the state is told where nothing is asked', async () => {
  const answer = await ask(lineage, '');
  expect(linesOf(answer)).toEqual([
    'source connector: 100 events',
    'source audit: does not work; it is not switched on: audit: true',
    'processes: 4 live, 2 ended in memory, 0 whose birth was not told',
    'events: 100, 3 out of order, 0 twice, 0 told late, 0 ambiguous',
    'stored: 9 processes, 10 events, 1.0 MiB, back to 2026-11-21T00:00:00.000Z',
    'gaps: 0, /proc compared 4 times',
  ]);
  expect(rows(answer).map(({ kind, name }) => `${kind} ${name}`)).toEqual([
    'source connector',
    'source audit',
    'store store',
  ]);
});

test('sources that nobody asked for are told with what they would give', async () => {
  const answer = await ask(lineage, '-status', { files: [] });
  const printed = printResults(answer, { matchOnly: true });
  expect(printed.find(({ text }) => text.startsWith('source fanotify'))).toEqual({
    text: 'source fanotify: not used; with "files: [FOLDERS]" who changed files there',
    tone: 'quiet',
  });
});

test('rows are flat and complete', async () => {
  expect(rows(await ask(lineage, '-pid 4250'))[4]).toEqual({
    kind: 'process',
    pid: 4250,
    ppid: 4242,
    name: 'cc1',
    exit: 'SEGV core',
    start: '2026-11-21T14:02:01.000Z',
    ms: 900,
    user: 'ann',
    arguments: 'cc1 a.c',
    end: '2026-11-21T14:02:01.900Z',
    executable: '/usr/bin/cc1',
    cwd: '',
    login: '',
    container: '',
    parentnow: 4242,
    found: 'asked',
    depth: 4,
    ran: 1,
    notstarted: '',
    files: 0,
    touched: '',
    children: 0,
    how: 'observed',
    marks: '',
    id: 'id4250',
    parent: 'id4242',
  });
});

test('beside the findings stand the question, what is missing, and counts', async () => {
  const printed = printResults(await ask(lineage, '-pid 99'), { matchOnly: false });
  expect(printed.map(({ text }) => text)).toEqual([
    'processes: pid 99; times are UTC, ~ = inferred, not observed',
    'error: no process that is known fits: the lineage knows nothing before 2026-11-21T00:00:00.000Z',
    'stat: 0 looked at, 0 fit, 0 shown, 0 gaps; heard from connector, 3 events out of order',
  ]);
});
