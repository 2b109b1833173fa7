/** What goes wrong: lost events, limits, missing and changing paths, storms, a full disk, no inotify. */
import { mkdirSync, renameSync, rmSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, test } from 'vitest';
import { answerQuery } from '../../../modules/fswatch/answer-query.ts';
import type { Config } from '../../../modules/fswatch/config.ts';
import { createWatching } from '../../../modules/fswatch/create-watching.ts';
import {
  type FolderListener,
  type FolderWatcher,
  openInotifyWatcher,
  openPlainWatcher,
} from '../../../modules/fswatch/folder-watcher.ts';
import { waitFor } from '../../helpers/wait-for.ts';
import type { RunningWatch } from './watch-folder.ts';
import { sum, useWatchedTree } from './watched-tree.ts';

const { folder, tree, at, write, start: startTree } = useWatchedTree();

type Open = (listener: FolderListener) => FolderWatcher | undefined;

const start = (settings: Partial<Config> = {}, open?: Open): Promise<RunningWatch> => {
  const begin = open
    ? async (context: Parameters<typeof createWatching>[0]) => {
        const watching = createWatching({ ...context, ownPaths: [] }, open);
        await watching.start();
        return {
          query: async (params: Parameters<typeof answerQuery>[1]) => answerQuery(watching, params),
          stop: watching.stop,
        };
      }
    : undefined;
  return startTree(settings, begin as never);
};

test('events that the kernel lost are made up for by comparing, and it is said', { timeout: 60_000 }, async () => {
  for (let n = 0; n < 20; n++) write(`f${n}`, 'x');
  const { settled, query } = await start();
  // This process writes and does not read: the kernel keeps 16384 events and says that it lost more.
  for (let n = 0; n < 12_000; n++) write('noise', `${n}`);
  for (let n = 0; n < 20; n++) unlinkSync(at(`f${n}`));
  const texts = await settled(22);
  expect(texts.filter((text) => text.includes('removed')).length).toBe(20);
  expect(texts.filter((text) => text.includes(`${at('noise')} created`)).length).toBe(1);
  expect(texts.filter((text) => text.includes('fs.inotify.max_queued_events')).length).toBe(1);
  expect(texts.length).toBe(22);
  expect((await query()).ok).toBe(true);
});

test('ten thousand files in a moment: some alerts, then one with exact numbers, and each in the list', async () => {
  const { alerts, query } = await start({ alertsPerMinute: 50 });
  for (let n = 0; n < 10_000; n++) write(`f${n}`, '');
  const summary = await waitFor(
    'a summary',
    async () => {
      const { pending, untold, objects } = await query();
      return objects === 10_001 && pending === 0 && untold === 0 && alerts.filter(({ change }) => change === 'summary');
    },
    60_000,
  );
  const told = alerts.filter(({ change }) => change === 'created').length;
  const counted = summary.reduce((count, { counts }) => count + ((counts as { created?: number }).created ?? 0), 0);
  expect(told + counted).toBe(10_000);
  expect(told).toBeLessThan(150);
  expect(summary[0]?.alert).toMatch(
    /^\d+ more changes since \S+Z \(.*\d+ created.*\): numbers \d+ to \d+, to be asked for with -changes$/,
  );
  const listed = (await query({ path: tree(), changes: 10_000 })).changes.filter(({ text }) =>
    text.includes(' created, '),
  );
  expect(new Set(listed.map(({ text }) => text)).size).toBeGreaterThan(9990);
}, 90_000);

test('a missing path is waited for, the others are watched', async () => {
  const missing = join(folder(), 'later');
  const { settled, query, logs } = await start({ paths: [missing, tree()] });
  expect(await query()).toMatchObject({
    ok: true,
    paths: [
      { path: missing, recursive: false, state: 'missing' },
      { path: tree(), recursive: false, state: 'watched' },
    ],
    problems: [`${missing} is missing: it is waited for`],
  });
  expect(logs).toContain(`${missing} is missing: it is waited for`);
  write('a', 'x');
  await settled(1);
  mkdirSync(missing);
  await settled(2);
  writeFileSync(join(missing, 'b'), 'y');
  expect(await settled(3)).toEqual([
    `path ${at('a')} created, signature ${sum('x')}`,
    `path ${missing} created, folder`,
    `path ${join(missing, 'b')} created, signature ${sum('y')}`,
  ]);
});

test('a watched folder that is removed and made again is watched again', async () => {
  write('a', 'x');
  const { settled } = await start();
  rmSync(tree(), { recursive: true });
  await settled(2);
  mkdirSync(tree());
  await settled(3);
  write('b', 'y');
  expect((await settled(4)).slice(2)).toEqual([
    `path ${tree()} created, folder`,
    `path ${at('b')} created, signature ${sum('y')}`,
  ]);
});

test('a watched folder that is replaced at once is watched on', async () => {
  write('a', 'x');
  const { settled } = await start();
  renameSync(tree(), join(folder(), 'away'));
  mkdirSync(tree());
  write('a', 'y');
  await settled(1);
  write('b', 'z');
  await settled(2);
  expect((await settled(2)).toSorted()).toEqual(
    [
      `${at('a')} signature changed ${sum('x')} -> ${sum('y')}`,
      `path ${at('b')} created, signature ${sum('z')}`,
    ].toSorted(),
  );
});

test('a configured link is followed, one in the tree is not, and it is told when the first leads elsewhere', async () => {
  const [link, other] = [join(folder(), 'link'), join(folder(), 'other')];
  mkdirSync(other);
  writeFileSync(join(other, 'x'), 'x');
  symlinkSync(other, at('inside'));
  symlinkSync(tree(), link);
  const { settled, alerts, query } = await start({ paths: [`recursive:${link}`] });
  writeFileSync(join(other, 'x'), 'y');
  write('a', 'x');
  await settled(1);
  unlinkSync(link);
  symlinkSync(other, link);
  await settled(2);
  await waitFor('the new checksum', async () => (await query({ path: join(other, 'x') })).record?.sha256 === sum('y'));
  writeFileSync(join(other, 'x'), 'z');
  await settled(3);
  expect(alerts.map(({ alert }) => alert)).toEqual([
    `path ${at('a')} created, signature ${sum('x')}`,
    `${link} link changed ${tree()} -> ${other}: what is there is the baseline from now on`,
    `${join(other, 'x')} signature changed ${sum('y')} -> ${sum('z')}`,
  ]);
});

/** A kernel that allows so many watches. */
const limited =
  (most: number): Open =>
  (listener) => {
    const watcher = openInotifyWatcher(listener);
    const added = new Set<string>();
    return (
      watcher && {
        ...watcher,
        add: (path) => (added.has(path) || added.size < most ? (added.add(path), watcher.add(path)) : 'ENOSPC'),
      }
    );
  };

test('folders that the kernel does not watch are compared instead, and the setting to raise is told once', async () => {
  for (const name of ['a', 'b', 'c']) mkdirSync(at(name));
  const { settled, query, alerts } = await start({}, limited(2));
  await settled(1);
  expect(alerts[0]).toMatchObject({
    severity: 'high',
    alert: expect.stringMatching(
      /^2 of 4 folders are not watched, .*sysctl -w fs\.inotify\.max_user_watches=\d+; they are compared every 1 s/,
    ),
  });
  expect(await query()).toMatchObject({ folders: 2, unwatchedFolders: 2 });
  for (const name of ['a', 'b', 'c']) write(`${name}/x`, 'x');
  expect((await settled(4)).slice(1).toSorted()).toEqual(
    ['a', 'b', 'c'].map((name) => `path ${at(`${name}/x`)} created, signature ${sum('x')}`),
  );
});

test('without inotify node:fs watches', async () => {
  write('a', 'one');
  const { settled, query } = await start({}, openPlainWatcher);
  expect((await query()).way).toBe('node:fs');
  write('a', 'two');
  await settled(1);
  mkdirSync(at('d'));
  await settled(2);
  write('d/x', 'x');
  await settled(3);
  renameSync(at('d/x'), at('y'));
  const [changed, folderMade, made, ...moved] = await settled(4);
  expect([changed, folderMade, made]).toEqual([
    `${at('a')} signature changed ${sum('one')} -> ${sum('two')}`,
    `path ${at('d')} created, folder`,
    `path ${at('d/x')} created, signature ${sum('x')}`,
  ]);
  // Each folder is told of by a watcher of its own: a rename is known as one where both were heard in time for the same look.
  expect(moved.join('\n')).toBeOneOf([
    `path ${at('d/x')} renamed -> ${at('y')}`,
    [`path ${at('d/x')} removed`, `path ${at('y')} created, signature ${sum('x')}`].join('\n'),
  ]);
});

test('without any watching everything is compared', async () => {
  const { settled, query } = await start({}, () => undefined);
  expect(await query()).toMatchObject({ way: 'comparing', folders: 0 });
  write('a', 'one');
  expect(await settled(1)).toEqual([`path ${at('a')} created, signature ${sum('one')}`]);
});

test('more objects than allowed: those beyond are left out, which is told once', async () => {
  for (let n = 0; n < 10; n++) write(`f${n}`, 'x');
  const { settled, query, alerts } = await start({ maxObjects: 5 });
  await settled(1);
  expect(alerts.map(({ severity, alert }) => `${severity}: ${alert}`)).toEqual([
    expect.stringMatching(/^high: more than 5 objects \(maxObjects\): from \S+ on, what is new is not watched$/),
  ]);
  expect((await query()).objects).toBe(5);
});

test('a baseline that cannot be written: changes are told all the same, and not again when it can be', async () => {
  write('a', 'one');
  const { settled, alerts, logs, query } = await start();
  const other = new DatabaseSync(join(folder(), 'state', 'baseline.db'));
  other.exec("CREATE TRIGGER full BEFORE INSERT ON changes BEGIN SELECT RAISE(FAIL, 'database or disk is full'); END");
  write('a', 'two');
  await waitFor('the alert', () => alerts.length === 1);
  other.exec('DROP TRIGGER full');
  other.close();
  write('b', 'x');
  await settled(2);
  await waitFor(
    'the change in the list',
    async () => (await query({ path: at('a'), changes: 1 })).changes.length === 1,
    30_000,
  );
  expect((await query({ path: at('a') })).record?.sha256).toBe(sum('two'));
  expect(await settled(2)).toEqual([
    `${at('a')} signature changed ${sum('one')} -> ${sum('two')}`,
    `path ${at('b')} created, signature ${sum('x')}`,
  ]);
  expect(logs.filter((line) => line.includes('cannot be written')).length).toBe(1);
});
