import { describe, expect, test } from 'vitest';
import { encodeRule, readRule, type ListedRule } from '../../../../src/linux/audit/encode-rule.ts';
import {
  addRules,
  applySettings,
  planChanges,
  takeBack,
  waitForFirstPlace,
} from '../../../../src/linux/audit/kernel-changes.ts';
import type { Changes, Ledger } from '../../../../src/linux/audit/ledger.ts';
import type { AuditControl } from '../../../../src/linux/audit/open-control.ts';
import type { AuditRule } from '../../../../src/linux/audit/rule.ts';
import type { AuditStatus, StatusChange } from '../../../../src/linux/audit/status.ts';
import { createSystemError } from '../../../../src/native/system-error.ts';

const on = { enabled: 1, pid: 0, rateLimit: 0, backlogLimit: 16_384, lost: 0, backlog: 0, backlogWaitTime: 0 };
const watchOf = (path: string, key: string): AuditRule => ({
  list: 'exit',
  action: 'always',
  syscalls: 'all',
  fields: [
    { name: 'path', operator: '=', value: path },
    { name: 'key', operator: '=', value: key },
  ],
});
const createChanges = (): Changes => ({
  bootId: 'b',
  mark: 'gumshoe-0011aabb',
  before: { enabled: 0, backlogLimit: 64, backlogWaitTime: 15_000 },
  set: { enabled: 1, backlogLimit: 16_384, backlogWaitTime: 0 },
  others: 0,
  rules: [],
});

/** A kernel of rules and settings, and what was written down, in the order it happened. */
function createKernel(status: AuditStatus, rules: readonly AuditRule[] = [], refuse?: string) {
  const listed = rules.map((rule) => readRule(encodeRule(rule))).filter((rule) => rule !== undefined);
  const done: string[] = [];
  const set: StatusChange[] = [];
  const keysOf = (bytes: Uint8Array): string => readRule(Buffer.from(bytes))?.keys.join('+') ?? '';
  const control: AuditControl = {
    readStatus: async () => status,
    setStatus: async (change) => void set.push(change),
    listRules: async () => listed,
    addRule: async (bytes) => {
      if (keysOf(bytes) === refuse) throw createSystemError('audit request 1011', 22);
      done.push(`add ${keysOf(bytes)}`);
      listed.push(readRule(Buffer.from(bytes)) as ListedRule);
      return true;
    },
    deleteRule: async (bytes) => {
      const at = listed.findIndex((rule) => keysOf(rule.bytes) === keysOf(bytes));
      if (at >= 0) listed.splice(at, 1);
      done.push(`delete ${keysOf(bytes)}${at < 0 ? ' (was not there)' : ''}`);
      return at >= 0;
    },
    [Symbol.dispose]: () => {},
  };
  const ledger: Ledger = {
    read: () => undefined,
    write: ({ rules }) => void done.push(`note ${rules.length}`),
    clear: () => void done.push('clear'),
  };
  return { control, ledger, done, set, listed };
}

test('rules are noted before they are added; one that is there and one that is refused leave the others', async () => {
  const { control, ledger, done } = createKernel(on, [watchOf('/a', 'theirs')], 'bad');
  const changes = createChanges();
  const rules = [watchOf('/a', 'one'), watchOf('/b', 'bad'), watchOf('/c', 'three')];
  expect(await addRules(control, rules, changes, ledger)).toEqual({
    added: 1,
    there: 1,
    keysThere: ['theirs'],
    errors: [expect.stringMatching(/^the kernel refuses a rule.*: audit request 1011: EINVAL/)],
  });
  expect(done).toEqual(['note 2', 'add three']);
  expect(changes.rules).toHaveLength(2);
});

test('everything is taken back: rules, then settings, then the note of them', async () => {
  const { control, ledger, done, set, listed } = createKernel(on, [watchOf('/a', 'theirs')]);
  const changes = { ...createChanges(), others: 1 };
  await addRules(control, [watchOf('/b', 'ours')], changes, ledger);
  expect(await takeBack(control, changes, ledger)).toEqual([]);
  expect(done).toEqual(['note 1', 'add ours', 'delete ours', 'clear']);
  expect(set).toEqual([{ enabled: 0, backlogLimit: 64, backlogWaitTime: 15_000 }]);
  expect(listed.map(({ keys }) => keys)).toEqual([['theirs']]);
});

test('a setting that another has changed meanwhile is left', async () => {
  const { control, ledger, set } = createKernel({ ...on, backlogLimit: 8192 });
  expect(await takeBack(control, createChanges(), ledger)).toEqual([
    'backlogLimit was changed by another to 8192: left so',
  ]);
  expect(set).toEqual([{ enabled: 0, backlogWaitTime: 15_000 }]);
});

test('audit stays on where another uses it by now', async () => {
  const withDaemon = createKernel({ ...on, pid: 77 });
  expect(await takeBack(withDaemon.control, createChanges(), withDaemon.ledger)).toEqual([
    'audit stays on: process 77 reads it',
  ]);
  expect(withDaemon.set).toEqual([{ backlogLimit: 64, backlogWaitTime: 15_000 }]);
  const withRules = createKernel(on, [watchOf('/a', 'new')]);
  expect(await takeBack(withRules.control, createChanges(), withRules.ledger)).toEqual([
    'audit stays on: others have added rules',
  ]);
});

test('where audit was locked meanwhile nothing can be taken back, which is said', async () => {
  const { control, ledger, done, set } = createKernel({ ...on, enabled: 2 });
  expect(await takeBack(control, createChanges(), ledger)).toEqual([
    'audit was locked meanwhile: the rules stay until the next boot',
  ]);
  expect([done, set]).toEqual([['clear'], []]);
});

describe('two of ours at the same time', () => {
  const atRest = { ...on, enabled: 0, backlogLimit: 64, backlogWaitTime: 15_000 };
  /** A kernel that does what it is told. */
  function createLivingKernel(listed: AuditRule[] = []) {
    const status = { ...atRest };
    const { control } = createKernel(status, listed);
    return {
      status,
      control: { ...control, setStatus: async (change: StatusChange) => void Object.assign(status, change) },
    };
  }
  const begin = async (control: AuditControl, path: string): Promise<() => Promise<readonly string[]>> => {
    const ledger: Ledger = { read: () => undefined, write: () => {}, clear: () => {} };
    const status = await control.readStatus();
    const changes = planChanges({ ...status }, await control.listRules(), { backlogLimit: 16_384, bootId: 'b' });
    await addRules(control, [watchOf(path, changes.mark)], changes, ledger);
    await applySettings(control, changes, { ledger, backlogLimit: 16_384 });
    return () => takeBack(control, changes, ledger);
  };

  test.each([
    ['the first', [0, 1]],
    ['the second', [1, 0]],
  ])('where %s leaves first, audit goes on for the other and is as it was at the end', async (_, order) => {
    const { control, status } = createLivingKernel();
    const ends = [await begin(control, '/a'), await begin(control, '/b')];
    expect(status).toMatchObject({ enabled: 1, backlogLimit: 16_384, backlogWaitTime: 0 });
    expect(await ends[order[0] ?? 0]?.()).toEqual([]);
    expect(status).toMatchObject({ enabled: 1, backlogLimit: 16_384, backlogWaitTime: 0 });
    expect(await ends[order[1] ?? 0]?.()).toEqual([]);
    expect(status).toEqual(atRest);
    expect(await control.listRules()).toEqual([]);
  });

  test('the same rule twice is one for each: it stays when the other leaves', async () => {
    const { control } = createLivingKernel();
    const ends = [await begin(control, '/a'), await begin(control, '/a')];
    expect(await control.listRules()).toHaveLength(2);
    await ends[0]?.();
    expect(await control.listRules()).toHaveLength(1);
  });

  test('one waits until the rules that yield have gone behind its own, and puts them there where their lineage is dead', async () => {
    const { control } = createLivingKernel();
    const marks = [
      'gumshoe-0011aabb-0.40.0\u0001lineage',
      'gumshoe-99aabbcc-0.40.0',
      'gumshoe-55aabbcc-0.40.0',
    ] as const;
    const [lineage, first, second] = marks.map((key, at) => encodeRule(watchOf(`/${at}`, key)));
    if (!lineage || !first || !second) throw new Error('three rules');
    const order = async () => (await control.listRules()).map(({ keys }) => keys.at(-1));
    await control.addRule(lineage);
    await control.addRule(first);
    const waiting = waitForFirstPlace(control, marks[1]);
    await control.deleteRule(lineage);
    await control.addRule(lineage);
    await waiting;
    expect(await order()).toEqual([marks[1], 'lineage']);
    await control.addRule(second);
    await waitForFirstPlace(control, marks[2]);
    expect(await order()).toEqual([marks[1], marks[2], 'lineage']);
  });

  test('one that comes while the other leaves switches audit on again', async () => {
    const { control, status } = createLivingKernel();
    const end = await begin(control, '/a');
    const seen = { ...(await control.readStatus()) };
    await end();
    const changes = planChanges(seen, await control.listRules(), { backlogLimit: 16_384, bootId: 'b' });
    const ledger: Ledger = { read: () => undefined, write: () => {}, clear: () => {} };
    await applySettings(control, changes, { ledger, backlogLimit: 16_384 });
    expect(status).toMatchObject({ enabled: 1, backlogLimit: 16_384, backlogWaitTime: 0 });
    await takeBack(control, changes, ledger);
    expect(status).toEqual(atRest);
  });
});
