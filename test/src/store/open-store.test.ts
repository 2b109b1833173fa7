import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { listActions } from '../../../src/store/actions.ts';
import { casePath, dataFolder } from '../../../src/store/data-folder.ts';
import { addHistory, readHistory } from '../../../src/store/history.ts';
import { migrations } from '../../../src/store/migrations.ts';
import { closeStore, openStore, transact } from '../../../src/store/open-store.ts';
import { readSettings, saveSetting } from '../../../src/store/settings.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'gumshoe-store-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const thrownBy = (work: () => unknown): unknown => {
  try {
    work();
  } catch (error) {
    return error;
  }
  return undefined;
};

describe('the folder of the cases', () => {
  test('is GUMSHOE_HOME, else XDG_DATA_HOME, else ~/.local/share', () => {
    expect(dataFolder({ GUMSHOE_HOME: '/a', XDG_DATA_HOME: '/b', HOME: '/c' })).toBe('/a');
    expect(dataFolder({ XDG_DATA_HOME: '/b', HOME: '/c' })).toBe('/b/gumshoe');
    expect(dataFolder({ HOME: '/c' })).toBe('/c/.local/share/gumshoe');
  });

  test('is never left by the name of a case', () => {
    expect(casePath('/a', 'case-7')).toBe('/a/cases/case-7.db');
    for (const name of ['../x', '', '.hidden', 'a/b', 'a\0b', 'x'.repeat(65)]) {
      expect(thrownBy(() => casePath('/a', name))).toMatchObject({ code: 'CASE_NAME' });
    }
  });
});

describe('a case that is opened', () => {
  test('may be one of the first, whose hits counted no findings', () => {
    const path = join(folder, 'old.db');
    const old = new DatabaseSync(path);
    old.exec((migrations[0] ?? '').replace(/^ +findings INTEGER.*\n/m, ''));
    old.exec("INSERT INTO hit (action, n, operation, elements) VALUES (7, 1, 0, '{}'); PRAGMA user_version = 1");
    old.close();
    const store = openStore(path);
    expect(store.database.prepare('SELECT action, n, operation, findings, elements FROM hit').all()).toEqual([
      { action: 7, n: 1, operation: 0, findings: 1, elements: '{}' },
    ]);
    closeStore(store);
  });

  test('is readable by its owner alone, its folder too', () => {
    const path = join(folder, 'cases', 'default.db');
    const store = openStore(path);
    saveSetting(store, 'format', 'csv');
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(statSync(`${path}-wal`).mode & 0o777).toBe(0o600);
    expect(statSync(join(folder, 'cases')).mode & 0o777).toBe(0o700);
    closeStore(store);
  });

  test('keeps what was written for the next console', () => {
    const path = join(folder, 'a.db');
    const store = openStore(path);
    saveSetting(store, 'format', 'csv');
    closeStore(store);
    const again = openStore(path);
    expect(readSettings(again)).toEqual(new Map([['format', 'csv']]));
    closeStore(again);
  });

  test('is shared by two consoles', () => {
    const path = join(folder, 'a.db');
    const [one, two] = [openStore(path), openStore(path)];
    addHistory(one, 'first', 1);
    addHistory(two, 'second', 2);
    expect(readHistory(one, 10)).toEqual(['first', 'second']);
    expect(one.owner).not.toBe(two.owner);
    closeStore(one);
    closeStore(two);
  });

  test('undoes a transaction that fails', () => {
    const store = openStore(join(folder, 'a.db'));
    const failed = thrownBy(() =>
      transact(store, () => {
        addHistory(store, 'lost', 1);
        throw new Error('no');
      }),
    );
    expect(failed).toMatchObject({ message: 'no' });
    expect(readHistory(store, 10)).toEqual([]);
    closeStore(store);
  });
});

describe('a case that cannot be opened', () => {
  test('because it is no database is said so, and is not touched', () => {
    const path = join(folder, 'a.db');
    writeFileSync(path, 'not a database at all, but long enough to have a header of its own'.repeat(20));
    expect(thrownBy(() => openStore(path))).toMatchObject({
      code: 'STORE_CORRUPT',
      message: expect.stringContaining(path) as string,
      hint: expect.stringContaining('--case') as string,
    });
  });

  test('because it is of a newer gumshoe is said so', () => {
    const path = join(folder, 'a.db');
    const database = new DatabaseSync(path);
    database.exec('PRAGMA user_version = 999');
    database.close();
    expect(thrownBy(() => openStore(path))).toMatchObject({ code: 'STORE_NEWER' });
  });

  test('because another program holds it is said after a few seconds', () => {
    const path = join(folder, 'a.db');
    closeStore(openStore(path));
    const other = new DatabaseSync(path);
    other.exec('BEGIN EXCLUSIVE');
    expect(thrownBy(() => openStore(path, { busyTimeoutMs: 50 }))).toMatchObject({ code: 'STORE_LOCKED' });
    other.close();
  });

  test('because its folder cannot be written is said so', () => {
    const file = join(folder, 'file');
    writeFileSync(file, '');
    chmodSync(file, 0o400);
    expect(thrownBy(() => openStore(join(file, 'cases', 'a.db')))).toMatchObject({ code: 'STORE_UNWRITABLE' });
  });

  test('leaves an empty case readable', () => {
    const store = openStore(join(folder, 'a.db'));
    expect(listActions(store)).toEqual([]);
    closeStore(store);
  });
});

describe('a file that cannot serve', () => {
  test('because its pages are damaged is refused before anything relies on it', () => {
    const path = join(folder, 'damaged.db');
    const store = openStore(path);
    for (let at = 0; at < 2000; at++) addHistory(store, `line ${at} ${'x'.repeat(50)}`, at);
    closeStore(store);
    const bytes = readFileSync(path);
    bytes.fill(0xff, 3 * 4096, 12 * 4096);
    writeFileSync(path, bytes);
    expect(thrownBy(() => openStore(path))).toMatchObject({ code: 'STORE_CORRUPT' });
  });

  test('because its folder cannot be made is refused at once', () => {
    expect(thrownBy(() => openStore('/proc/gumshoe/cases/default.db'))).toMatchObject({ code: 'STORE_UNWRITABLE' });
  });
});
