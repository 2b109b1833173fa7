/** Against real processes: some that the test starts, and this one. */
import { randomBytes } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { runOn } from '../../../modules/memory/run.ts';
import type { Elements } from '../../../modules/memory/elements.ts';
import { params } from '../../../modules/memory/params.ts';
import { printResults } from '../../../modules/memory/print-results.ts';
import { validateParameters } from '../../../src/module/params.ts';
import { createRunContext } from '../../helpers/run-context.ts';
import { withoutRoot } from '../../helpers/without-root.ts';
import { startTarget } from './target.ts';

async function run(searches: unknown, signal?: AbortSignal) {
  const context = createRunContext<Elements>(signal);
  const outcome = await runOn({ procFolder: '/proc' }, validateParameters(params, { searches }), context);
  return { ...outcome, matches: outcome.elements['s1'] ?? [], hits: context.hits };
}

const all = { matchall: true };

/** Hexadecimal, so that the bytes themselves stand nowhere but in the target. */
const createMarker = (): string => `marker-${randomBytes(8).toString('hex')}-${Date.now()}`;
const hex = (text: string): string => Buffer.from(text, 'latin1').toString('hex');
/** An expression that finds the marker and does not hold it. */
const expression = (text: string): string => `${text.slice(0, 3)}[${text.slice(3, 4)}]${text.slice(4)}`;

describe("MIG's table", () => {
  test('match-all by name, bytes and content finds the process, and prints one line of it', async () => {
    const marker = createMarker();
    using target = await startTarget(marker);
    const options = { matchall: true, logfailures: true, maxlength: 10_000_000_000 };
    const { foundAnything, matches, elements, statistics, errors, hits } = await run({
      s1: { names: ['node'], bytes: [hex(marker)], contents: [expression(marker)], options },
    });
    expect(foundAnything).toBe(true);
    expect(matches.map(({ process }) => process.pid)).toEqual([target.pid]);
    expect(hits).toEqual([{ s1: matches }]);
    const result = { foundanything: true, success: true, elements, statistics, errors };
    expect(printResults(result, { matchOnly: false }).length).toBeGreaterThanOrEqual(2);
    expect(printResults(result, { matchOnly: true })).toHaveLength(1);
  });

  test('names node: found', async () => {
    const { foundAnything, matches } = await run({ s1: { names: ['node'] } });
    expect(foundAnything).toBe(true);
    expect(matches.map(({ process }) => process.pid)).toContain(process.pid);
  });

  test('libraries ^caribou.so$: not found', async () => {
    expect((await run({ s1: { libraries: ['^caribou.so$'] } })).foundAnything).toBe(false);
  });

  test('match-any of contents and names: found by each', async () => {
    const marker = createMarker();
    using target = await startTarget(marker);
    const { matches } = await run({ s1: { pids: [target.pid], contents: [expression(marker)], names: ['node'] } });
    expect(matches.map(({ process, search }) => [process.pid, search.names ?? search.contents])).toEqual([
      [target.pid, ['node']],
      [target.pid, [expression(marker)]],
    ]);
  });

  test('match-all of a nonsense name and bytes: not found, and nothing is read for it', async () => {
    const { foundAnything, statistics } = await run({
      s1: { names: ['no-such-program'], bytes: ['7f454c46'], options: { matchall: true } },
    });
    expect(foundAnything).toBe(false);
    expect(statistics.memoryread).toBe(0);
  });
});

test('every copy is found once, whatever window and page borders lie across it', async () => {
  const marker = createMarker();
  const copies = 5000;
  using target = await startTarget(marker, { copies });
  const { matches, statistics } = await run({
    s1: {
      pids: [target.pid],
      bytes: [hex(marker)],
      contents: [expression(marker), `${marker.slice(0, 5)}[^\\x00]{3,}${marker.slice(-5)}`],
      options: { matchall: true, maxaddresses: 1000 },
    },
  });
  const [match] = matches;
  expect(match?.found?.map(({ at }) => at.length)).toEqual([1000, 1000, 1000]);
  for (const found of match?.found ?? []) {
    // The target's own copies of the text that it was given come on top.
    expect(found.count).toBeGreaterThanOrEqual(copies);
    expect(found.count).toBeLessThan(copies + 10);
  }
  expect(statistics.memoryread).toBeGreaterThan(copies * 4099);
});

test('an address that was told is where a search with that offset begins', async () => {
  const marker = createMarker();
  using target = await startTarget(marker, { copies: 3 });
  const find = async (options: object) => {
    const { matches } = await run({ s1: { pids: [target.pid], bytes: [hex(marker)], options } });
    return (matches[0]?.found?.[0]?.at ?? []).map(({ address }) => Number(address));
  };
  const [first = 0, second = 0] = await find({});
  expect((await find({ offset: first }))[0]).toBe(first);
  expect((await find({ offset: first + 1 }))[0]).toBe(second);
  expect(await find({ offset: first, maxlength: marker.length })).toEqual([first]);
  expect(await find({ offset: first, maxlength: marker.length - 1 })).toEqual([]);
});

describe('its own processes', () => {
  test('are not found by what is searched for, which stands in their memory', async () => {
    const marker = createMarker();
    const { foundAnything, statistics } = await run({
      s1: { pids: [process.pid], bytes: [hex(marker)], contents: [marker] },
    });
    expect(foundAnything).toBe(false);
    expect(statistics.own).toContain(process.pid);
    expect(statistics.memoryread).toBe(0);
  });

  test('are found by name and libraries', async () => {
    const { matches } = await run({
      s1: { pids: [process.pid], names: ['node'], libraries: ['libc'], options: { matchall: true } },
    });
    expect(matches.map(({ process: { pid } }) => pid)).toEqual([process.pid]);
  });

  test('are not even told about when memory is not searched', async () => {
    expect((await run({ s1: { names: ['x'] } })).statistics.own).toEqual([]);
  });
});

test('without root the processes of others are counted as failures, by their reason', async () => {
  const search = { pids: [1], contents: ['x'] };
  const { statistics, errors, foundAnything } = await withoutRoot(() => run({ s1: search }));
  expect(foundAnything).toBe(false);
  expect(statistics).toMatchObject({ processcount: expect.any(Number), failed: 1, memoryread: 0 });
  expect(statistics).not.toHaveProperty('failures');
  expect(errors).toEqual([
    'the memory of 1 process could not be read: permission denied, which needs root with CAP_SYS_PTRACE; logfailures lists them',
  ]);
  const told = await withoutRoot(() => run({ s1: { ...search, options: { logfailures: true } } }));
  expect(told.statistics.failures).toEqual([expect.stringMatching(/^process 1 \[.+\]: permission denied$/)]);
});

test('without root the executables of others are counted as not known, and what their names were compared with is said', async () => {
  const search = { pids: [1], names: ['/no-such-program$'], libraries: ['x'] };
  const { statistics, errors, foundAnything } = await withoutRoot(() => run({ s1: { ...search, options: all } }));
  expect(foundAnything).toBe(false);
  expect(statistics).toMatchObject({ processcount: 1, failed: 1 });
  const needs = 'permission denied, which needs root with CAP_SYS_PTRACE';
  expect(errors).toEqual([
    `the path of the executable of 1 process could not be read: ${needs}, so that names were compared with what they call themselves, "[name]"; logfailures lists them`,
  ]);
  const told = await withoutRoot(() => run({ s1: { ...search, options: { logfailures: true } } }));
  expect(told.statistics.failures).toEqual([
    expect.stringMatching(/^process 1 \[.+\]: the path of its executable could not be read: permission denied$/),
    expect.stringMatching(/^process 1 \[.+\]: permission denied$/),
  ]);
  expect(told.errors).toEqual([
    expect.stringMatching(/^the path of the executable of 1 process could not be read: .* "\[name\]"$/),
    `the memory of 1 process could not be read: ${needs}`,
  ]);
});

test('threads of the kernel have no memory, which is no failure', async () => {
  const names = ['^\\[(kthreadd|kworker/.*|ksoftirqd/.*)\\]$'];
  const { statistics, errors } = await run({ s1: { names, contents: ['x'], options: { matchall: true } } });
  expect(statistics.memoryread).toBe(0);
  expect(errors).not.toContainEqual(expect.stringMatching(/^the memory of/));
});
