/** What happens in watched folders, and what is told of it. */
import {
  appendFileSync,
  chmodSync,
  mkdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { sum, useWatchedTree } from './watched-tree.ts';

const { folder, tree, at, write, start } = useWatchedTree();

test('a first start takes the baseline and tells nothing', async () => {
  write('a', 'one');
  mkdirSync(at('sub'));
  const { alerts, query } = await start();
  expect(alerts).toEqual([]);
  expect(await query()).toMatchObject({ ok: true, way: 'inotify', objects: 3, folders: 2 });
});

test('a change is told with the checksums before and after, in the words of MIG', async () => {
  write('a', 'one');
  const { settled, alerts } = await start();
  write('a', 'two');
  await settled(1);
  expect(alerts).toEqual([
    {
      severity: 'critical',
      alert: `${at('a')} signature changed ${sum('one')} -> ${sum('two')}`,
      n: 1,
      at: expect.any(String),
      change: 'signature',
      path: at('a'),
      old: sum('one'),
      new: sum('two'),
    },
  ]);
});

test('a change there and back is told twice', async () => {
  write('a', 'one');
  const { settled } = await start();
  write('a', 'two');
  await settled(1);
  write('a', 'one');
  expect(await settled(2)).toEqual([
    `${at('a')} signature changed ${sum('one')} -> ${sum('two')}`,
    `${at('a')} signature changed ${sum('two')} -> ${sum('one')}`,
  ]);
});

test('what is created, renamed and removed is told', async () => {
  const { settled } = await start();
  write('new', 'x');
  await settled(1);
  renameSync(at('new'), at('other'));
  await settled(2);
  unlinkSync(at('other'));
  expect(await settled(3)).toEqual([
    `path ${at('new')} created, signature ${sum('x')}`,
    `path ${at('new')} renamed -> ${at('other')}`,
    `path ${at('other')} removed`,
  ]);
});

test('an editor that puts a new file in place of the old is one change', async () => {
  write('a', 'one');
  const { settled } = await start();
  write('a.tmp', 'two');
  renameSync(at('a.tmp'), at('a'));
  expect(await settled(1)).toEqual([`${at('a')} signature changed ${sum('one')} -> ${sum('two')}`]);
});

test('an editor that moves the old file away first is one change as well', async () => {
  write('a', 'one');
  const { settled } = await start();
  renameSync(at('a'), at('a~'));
  write('a', 'two');
  unlinkSync(at('a~'));
  expect(await settled(1)).toEqual([`${at('a')} signature changed ${sum('one')} -> ${sum('two')}`]);
});

test('what comes and goes before it could be looked at is told', async () => {
  const { settled } = await start();
  write('quick', 'x');
  unlinkSync(at('quick'));
  expect(await settled(1)).toEqual([`path ${at('quick')} created and removed again`]);
});

test('mode, setuid and a link are told', async () => {
  write('a', 'one');
  symlinkSync('a', at('link'));
  const { settled, alerts } = await start();
  chmodSync(at('a'), 0o600);
  await settled(1);
  chmodSync(at('a'), 0o4755);
  await settled(2);
  unlinkSync(at('link'));
  symlinkSync('/etc/passwd', at('link'));
  await settled(3);
  expect(alerts.map(({ severity, alert }) => `${severity}: ${alert}`)).toEqual([
    `medium: ${at('a')} mode changed -rw-r--r-- -> -rw-------`,
    `critical: ${at('a')} mode changed -rw------- -> urwxr-xr-x`,
    `critical: ${at('link')} link changed a -> /etc/passwd`,
  ]);
});

test('a file that becomes a link is told as that', async () => {
  write('a', 'one');
  const { settled } = await start();
  unlinkSync(at('a'));
  symlinkSync('/etc/shadow', at('a'));
  expect(await settled(1)).toEqual([`path ${at('a')} was a file, is a link to /etc/shadow now`]);
});

test('what is made in a new folder before it could be watched is told', async () => {
  const { settled } = await start();
  mkdirSync(at('d/e/f'), { recursive: true });
  write('d/e/f/x', 'x');
  expect([...(await settled(4))].toSorted()).toEqual([
    `path ${at('d')} created, folder`,
    `path ${at('d/e')} created, folder`,
    `path ${at('d/e/f')} created, folder`,
    `path ${at('d/e/f/x')} created, signature ${sum('x')}`,
  ]);
  write('d/e/f/x', 'y');
  expect((await settled(5)).at(-1)).toBe(`${at('d/e/f/x')} signature changed ${sum('x')} -> ${sum('y')}`);
});

test('a renamed folder is one alert, and what is in it is watched on', async () => {
  mkdirSync(at('d/e'), { recursive: true });
  write('d/e/x', 'x');
  const { settled, query } = await start();
  renameSync(at('d'), at('n'));
  await settled(1);
  write('n/e/x', 'y');
  expect(await settled(2)).toEqual([
    `path ${at('d')} renamed -> ${at('n')} with 2 objects below it`,
    `${at('n/e/x')} signature changed ${sum('x')} -> ${sum('y')}`,
  ]);
  expect((await query()).objects).toBe(4);
});

test('a removed folder is told with all that was in it', async () => {
  mkdirSync(at('d'));
  write('d/x', 'x');
  write('d/y', 'y');
  const { settled } = await start();
  rmSync(at('d'), { recursive: true });
  expect([...(await settled(3))].toSorted()).toEqual([
    `path ${at('d')} removed`,
    `path ${at('d/x')} removed`,
    `path ${at('d/y')} removed`,
  ]);
});

test('moves out of and into what is watched are told as such', async () => {
  write('a', 'one');
  const { settled } = await start();
  renameSync(at('a'), join(folder(), 'outside'));
  await settled(1);
  renameSync(join(folder(), 'outside'), at('b'));
  expect(await settled(2)).toEqual([
    `path ${at('a')} removed, moved to where nothing is watched`,
    `path ${at('b')} created, signature ${sum('one')}, moved in from where nothing is watched`,
  ]);
});

test('new files of a folder that is not recursive are told, what is in its folders is not', async () => {
  mkdirSync(at('sub'));
  const { settled } = await start({ paths: [tree()] });
  write('sub/x', 'x');
  write('new', 'x');
  expect(await settled(1)).toEqual([`path ${at('new')} created, signature ${sum('x')}`]);
});

test('a single file is watched, also when another takes its place or it is made again', async () => {
  write('a', 'one');
  write('b', 'b');
  const { settled } = await start({ paths: [at('a')] });
  write('b', 'c');
  write('tmp', 'two');
  renameSync(at('tmp'), at('a'));
  await settled(1);
  unlinkSync(at('a'));
  await settled(2);
  write('a', 'three');
  expect(await settled(3)).toEqual([
    `${at('a')} signature changed ${sum('one')} -> ${sum('two')}`,
    `path ${at('a')} removed`,
    `path ${at('a')} created, signature ${sum('three')}`,
  ]);
});

test('many writes are one change, told when they are over', async () => {
  write('a', '');
  const { settled } = await start({ settleMs: 300 });
  for (let n = 0; n < 200; n++) appendFileSync(at('a'), `${n}\n`);
  const [text, ...more] = await settled(1);
  expect(more).toEqual([]);
  expect(text).toMatch(/signature changed e3b0c442[0-9a-f]{56} -> /);
});

test('names of any bytes are kept apart and told whole', async () => {
  const { settled, alerts } = await start();
  const names = ['new\nline', 'n'.repeat(255), 'ümlaut'];
  for (const name of names) write(name, 'x');
  for (const byte of [0xe9, 0xea]) writeFileSync(Buffer.concat([Buffer.from(`${tree()}/`), Buffer.of(byte)]), 'x');
  await settled(5);
  expect(alerts.map(({ path }) => String(path)).toSorted()).toEqual(
    [...names.map(at), `${tree()}/\udce9`, `${tree()}/\udcea`].toSorted(),
  );
});

test('what is excluded is not told', async () => {
  mkdirSync(at('cache'));
  const { settled } = await start({ exclude: [at('cache'), at('*.lock')] });
  write('cache/x', 'x');
  write('a.lock', 'x');
  write('b', 'x');
  expect(await settled(1)).toEqual([`path ${at('b')} created, signature ${sum('x')}`]);
});

test('a file that is larger than is hashed is told by its size and time', async () => {
  write('a', 'one');
  const { settled } = await start({ maxFileBytes: 10 });
  write('a', 'more than ten bytes');
  expect(await settled(1)).toEqual([
    `${at('a')} signature changed ${sum('one')} -> unknown (19 bytes, more than maxFileBytes)`,
  ]);
});
