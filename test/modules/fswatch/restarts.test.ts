/** What happened while nobody watched is told at the next start, once. */
import { chmodSync, mkdirSync, renameSync, rmSync, unlinkSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, test } from 'vitest';
import { waitFor } from '../../helpers/wait-for.ts';
import { sum, useWatchedTree } from './watched-tree.ts';

const { folder, tree, at, write, start } = useWatchedTree();

const plain = (texts: readonly string[]): readonly string[] =>
  texts.map((text) => text.replace(/ \(between \S+Z and \S+Z, while nothing was watched\)$/, '')).toSorted();

test('a change, a new, a renamed, a removed object and a mode are told once each', async () => {
  mkdirSync(at('d'));
  for (const name of ['changed', 'renamed', 'removed', 'mode', 'd/inside']) write(name, name);
  await (await start()).stop();
  write('changed', 'other');
  write('created', 'new');
  renameSync(at('renamed'), at('renamed to'));
  unlinkSync(at('removed'));
  chmodSync(at('mode'), 0o600);
  renameSync(at('d'), at('e'));
  const again = await start();
  expect(plain(await again.settled(6))).toEqual(
    [
      `${at('changed')} signature changed ${sum('changed')} -> ${sum('other')}`,
      `path ${at('created')} created, signature ${sum('new')}`,
      `path ${at('renamed')} renamed -> ${at('renamed to')}`,
      `path ${at('removed')} removed`,
      `${at('mode')} mode changed -rw-r--r-- -> -rw-------`,
      `path ${at('d')} renamed -> ${at('e')} with 1 objects below it`,
    ].toSorted(),
  );
  await again.stop();
  const third = await start();
  expect(third.alerts).toEqual([]);
});

test('a content that was changed with its time and size set back is found, since the time of the last change cannot be set', async () => {
  write('a', 'one');
  utimesSync(at('a'), 1000, 1000);
  await (await start()).stop();
  write('a', 'two');
  utimesSync(at('a'), 1000, 1000);
  expect(plain(await (await start()).settled(1))).toEqual([
    `${at('a')} signature changed ${sum('one')} -> ${sum('two')}`,
  ]);
});

test('files that did not change are not read again', async () => {
  write('a', 'one');
  const first = await start();
  await first.stop();
  const second = await start();
  await waitFor('comparison', async () => (await second.query()).state === 'watching');
  expect((await second.query({ path: at('a') })).record?.sha256).toBe(sum('one'));
  const { logs } = second;
  expect(logs.filter((line) => line.includes('adding monitoring'))).toEqual([`adding monitoring for object ${tree()}`]);
});

test('what was found and not told before an end is told after it, under the same number, and once', async () => {
  write('a', 'one');
  await (await start()).stop();
  const database = new DatabaseSync(join(folder(), 'state', 'baseline.db'));
  database
    .prepare("INSERT INTO changes (at, severity, kind, path, text, facts) VALUES (?, 'low', 'removed', ?, 'gone', ?)")
    .run(Date.now(), Buffer.from('/x'), JSON.stringify({ text: 'gone', path: '/x' }));
  database.close();
  const again = await start();
  expect(again.alerts).toMatchObject([{ severity: 'low', alert: 'gone', n: 1, path: '/x' }]);
  await again.stop();
  expect((await start()).alerts).toEqual([]);
});

test('a rehash finds a content that changed with nothing else', async () => {
  write('a', 'one');
  await (await start()).stop();
  const database = new DatabaseSync(join(folder(), 'state', 'baseline.db'));
  database.exec(`UPDATE objects SET sha256 = '${'0'.repeat(64)}' WHERE type = 'file'`);
  database.exec("UPDATE notes SET value = '1'");
  database.exec(`UPDATE notes SET value = '${tree()}' WHERE CAST(key AS TEXT) LIKE 'root:%'`);
  database.close();
  expect(await (await start()).settled(1)).toEqual([
    `${at('a')} signature changed ${'0'.repeat(64)} -> ${sum('one')} (although size, times and inode are as they were)`,
  ]);
});

test('a path that was configured, was not, and is again, joins the baseline anew without a word', async () => {
  mkdirSync(at('out'));
  write('out/a', 'one');
  const both = { paths: [tree(), at('out')] };
  for (const config of [both, {}, both, {}]) await (await start(config)).stop();
  write('out/b', 'two');
  const last = await start(both);
  await waitFor('comparison', async () => (await last.query()).state === 'watching');
  expect(last.alerts).toEqual([]);
});

test('a path that is no longer configured leaves the baseline without a word, a new one joins it', async () => {
  mkdirSync(at('one'));
  mkdirSync(at('two'));
  write('one/x', 'x');
  await (await start({ paths: [at('one')] })).stop();
  write('one/x', 'y');
  write('two/x', 'x');
  const again = await start({ paths: [at('two')] });
  expect(again.alerts).toEqual([]);
  expect((await again.query()).objects).toBe(2);
  expect((await again.query({ path: at('one/x') })).record).toBeUndefined();
});

test('a whole tree that was removed while nobody watched is told, and told when it is back', async () => {
  write('a', 'one');
  await (await start()).stop();
  rmSync(tree(), { recursive: true });
  const again = await start();
  expect(plain(await again.settled(2))).toEqual([`path ${tree()} removed`, `path ${at('a')} removed`]);
  mkdirSync(tree());
  write('b', 'two');
  expect((await again.settled(4)).slice(2).toSorted()).toEqual([
    `path ${tree()} created, folder`,
    `path ${at('b')} created, signature ${sum('two')}`,
  ]);
  write('b', 'three');
  expect((await again.settled(5)).at(-1)).toBe(`${at('b')} signature changed ${sum('two')} -> ${sum('three')}`);
});
