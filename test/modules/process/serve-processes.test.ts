import { setImmediate } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { config, type Config } from '../../../modules/process/config.ts';
import type { Elements, Statistics } from '../../../modules/process/elements.ts';
import { params, type Params } from '../../../modules/process/params.ts';
import { printEvent } from '../../../modules/process/print-event.ts';
import { serveProcesses } from '../../../modules/process/serve-processes.ts';
import type { PersistHandlers } from '../../../src/module/persist.ts';
import { validateParameters } from '../../../src/module/params.ts';
import type { RunOutcome } from '../../../src/module/run.ts';
import {
  createFakeHost,
  exec,
  exit,
  type FakeHost,
  fork,
  gap,
  nsOf,
  writeProcess,
} from '../../helpers/fake-process-host.ts';
import { waitFor } from '../../helpers/wait-for.ts';

type Fields = Readonly<Record<string, unknown>>;

interface Served extends AsyncDisposable {
  readonly host: FakeHost;
  readonly watched: Fields[];
  readonly logged: string[];
  readonly ask: (typed?: Params) => Promise<RunOutcome<Elements, Statistics>>;
  /** Milliseconds since the epoch, which tick 1000 of the host is 10 s before. */
  nowMs: number;
  /** By how much it was set back since the host booted. */
  setBackMs: number;
}

async function serve(given: Partial<Config> = {}, extraPrivacy = false): Promise<Served> {
  const host = createFakeHost();
  const watched: Fields[] = [];
  const logged: string[] = [];
  let handlers: PersistHandlers<Params, Elements, Statistics> | undefined;
  const served: Served = {
    host,
    watched,
    logged,
    nowMs: 20_000,
    setBackMs: 0,
    ask: async (typed = {}) => {
      expect(validateParameters(params, typed)).toEqual(typed);
      if (!handlers) throw new Error('not served');
      return handlers.query(typed, { signal: new AbortController().signal });
    },
    [Symbol.asyncDispose]: async () => {
      await handlers?.stop?.();
      host[Symbol.dispose]();
    },
  };
  const clock = { nowMs: () => served.nowMs, monotonicMs: () => served.nowMs };
  const context = {
    config: config.parse(given),
    clock,
    log: (text: string) => void logged.push(text),
    event: (fields: Fields) => void watched.push(fields),
    extraPrivacy,
  };
  // The clock of the host and that of the wall go alike, until that is set back.
  const monotonicNs = () => nsOf(1000) + (served.nowMs + served.setBackMs - 20_000) * 1e6;
  handlers = await serveProcesses(host.take(), context, monotonicNs);
  // What runs has been told: from here on callbacks are called as events come.
  await waitFor('what runs', async () => ((await served.ask({ health: true })).elements?.health?.callbacks ?? 0) > 0);
  return served;
}

const words = (served: Served): string[] => served.watched.map((fields) => printEvent(fields)?.text ?? '?');

function runMake(host: FakeHost): void {
  host.say(fork(700, 900));
  writeProcess(host.procFolder, { pid: 700, startTicks: 900, comm: 'make', args: ['make', '-j2', 'all it'] });
  // What ends in the same batch of events is taken to be gone.
  host.say(exec(700, 901));
  host.say(fork(701, 902, 700), exit(701, 903, 0x8b, 701, 700), exit(700, 1000, 0x200));
}

test('who watches is told what is executed with its arguments, and what ends with code or signal and time', async () => {
  await using served = await serve();
  runMake(served.host);
  await waitFor('the exit', () => served.watched.length === 3);
  expect(words(served)).toEqual([
    "exec 700 of 1: make -j2 'all it'",
    'exit 701 make: signal SEGV, core dumped after 10 ms',
    'exit 700 make: code 2 after 1 s',
  ]);
  expect(served.watched[0]).toEqual({
    at: '1970-01-01T00:00:19.010Z',
    event: 'exec',
    pid: 700,
    ppid: 1,
    start: 900,
    name: 'make',
    executable: '/bin/make',
    args: ['make', '-j2', 'all it'],
  });
});

test('forks are told where they are asked for, names that are excluded nowhere', async () => {
  await using served = await serve({ watchForks: true, exclude: ['make'] });
  runMake(served.host);
  served.host.say(fork(800, 1000), exit(800, 1001));
  await waitFor('the exit', () => served.watched.length === 3);
  expect(words(served)).toEqual(['fork 700 of 1 init', 'fork 800 of 1 init', 'exit 800 init: code 0 after 10 ms']);
  // Rates are those of the whole host.
  served.nowMs += 2000;
  expect((await served.ask({ rates: true })).elements?.rates?.map(({ event, ten }) => `${event} ${ten}`)).toEqual([
    'fork 1.5',
    'exec 0.5',
    'exit 1.5',
  ]);
});

test('a gap is told at once, in plain sight, and so is its repair; a query has both in one', async () => {
  await using served = await serve({ watchPerSecond: 1 });
  writeProcess(served.host.procFolder, { pid: 5, startTicks: 950, comm: 'born' });
  served.host.say(gap(990, 1000, 19_748));
  expect(words(served)).toEqual([
    'GAP: 19748 events missed (overrun) from 1970-01-01T00:00:19.900Z to 1970-01-01T00:00:20.000Z, not repaired yet',
  ]);
  expect(printEvent(served.watched[0])?.tone).toBe('error');
  await waitFor('the repair', () => served.watched.length === 3);
  expect(words(served).slice(1)).toEqual([
    'exec 5 of 1: born (found in /proc after a gap)',
    'GAP repaired from /proc at 1970-01-01T00:00:20.000Z: 1 executed and 0 ended meanwhile',
  ]);
  expect(printEvent(served.watched[2])?.tone).toBe('warning');
  const { elements } = await served.ask({ kinds: ['gap'] });
  expect(elements?.events).toEqual([
    {
      n: 1,
      at: '1970-01-01T00:00:20.000Z',
      event: 'gap',
      drops: 19_748,
      reason: 'overrun',
      from: '1970-01-01T00:00:19.900Z',
      until: '1970-01-01T00:00:20.000Z',
      repairedat: '1970-01-01T00:00:20.000Z',
      execs: 1,
      exits: 0,
    },
  ]);
  expect(served.logged[0]).toBe('19748 process events were missed (overrun); /proc is looked at');
});

test('a flood is told up to its limit, then its number; nothing of it is lost for queries', async () => {
  await using served = await serve({ watchPerSecond: 10 });
  for (let pid = 1000; pid < 6000; pid++) {
    served.host.say(fork(pid, 1000), exit(pid, 1000));
    if (pid % 500 === 0) await setImmediate();
  }
  const leftOut = (): number =>
    served.watched.reduce((sum, { count }) => sum + (typeof count === 'number' ? count : 0), 0);
  await waitFor('the number', () => leftOut() === 4990);
  expect(served.watched.filter(({ event }) => event === 'exit').length).toBe(10);
  expect(words(served).at(-1)).toMatch(/^\d+ more events came too fast to be told$/);
  const { elements, statistics } = await served.ask({ kinds: ['exit'], recent: 5, health: true });
  expect(elements?.events.map(({ pid }) => pid)).toEqual([5995, 5996, 5997, 5998, 5999]);
  expect(statistics).toMatchObject({ matched: 5000, kept: 10_000, forgotten: 0 });
  expect(elements?.health).toMatchObject({ healthy: true, fork: 5000, exit: 5000, exec: 0, drops: 0, leftout: 4990 });
});

test('questions by pid, name, kind and time', async () => {
  await using served = await serve();
  runMake(served.host);
  const ask = async (typed: Params): Promise<string[]> =>
    (await served.ask(typed)).elements?.events.map(({ event, pid }) => `${event} ${pid}`) ?? [];
  await waitFor('all', async () => (await ask({})).length === 5);
  expect(await ask({})).toEqual(['fork 700', 'exec 700', 'fork 701', 'exit 701', 'exit 700']);
  expect(await ask({ pids: ['701'] })).toEqual(['fork 701', 'exit 701']);
  // Those of a process are also those of its children.
  expect(await ask({ pids: ['700'], kinds: ['exit', 'fork'] })).toEqual([
    'fork 700',
    'fork 701',
    'exit 701',
    'exit 700',
  ]);
  expect(await ask({ name: '^ma' })).toEqual(['exec 700', 'fork 701', 'exit 701', 'exit 700']);
  expect(await ask({ name: '/bin/m', recent: 1 })).toEqual(['exit 700']);
  expect(await ask({ since: '500ms' })).toEqual(['exit 700']);
  expect(await ask({ since: '1970-01-01T00:00:19.020Z' })).toEqual(['fork 701', 'exit 701', 'exit 700']);
  expect(await ask({ health: true })).toEqual([]);
  expect((await served.ask({ name: 'nothing' })).foundAnything).toBe(false);
});

test('events from before the wall clock was set back are found by the time that it told then', async () => {
  await using served = await serve();
  served.nowMs += 3_600_000;
  // The kernel's clock goes on: an hour later it is tick 361,000.
  served.host.say(fork(700, 360_900), exit(700, 361_000));
  await waitFor('both', async () => (await served.ask()).elements?.events.length === 2);
  // Set back to what it was: the kernel's clock has not been.
  served.setBackMs = 3_600_000;
  served.nowMs -= 3_600_000;
  served.host.say(fork(701, 361_001), exit(701, 361_002));
  await waitFor('all', async () => (await served.ask()).elements?.events.length === 4);
  const ask = async (since: string) =>
    (await served.ask({ since })).elements?.events.map(({ event, pid }) => `${event} ${pid}`);
  expect(await ask('1970-01-01T00:59:00Z')).toEqual(['fork 700', 'exit 700']);
  expect(await ask('10m')).toEqual(['fork 700', 'exit 700', 'fork 701', 'exit 701']);
});

test('what has no room is forgotten, oldest first, and a question about that time is told so', async () => {
  await using served = await serve({ keepEvents: 100 });
  for (let pid = 1000; pid < 1200; pid++) served.host.say(fork(pid, 800 + pid / 10));
  const { elements, statistics, errors } = await waitFor('all', async () => {
    const answer = await served.ask({ since: '1h', recent: 1000 });
    return answer.statistics?.forgotten === 100 && answer;
  });
  expect(elements?.events.length).toBe(100);
  expect(statistics).toMatchObject({ kept: 100, forgotten: 100, oldest: '1970-01-01T00:00:19.100Z' });
  expect(errors).toEqual(['what happened before 1970-01-01T00:00:19.100Z is kept no more']);
});

test('an answer is bounded, whatever the arguments', async () => {
  await using served = await serve();
  writeProcess(served.host.procFolder, { pid: 9, startTicks: 1000, args: ['x'.repeat(8100)], image: 1 });
  served.host.say(fork(9, 1000));
  for (let times = 0; times < 1000; times++) served.host.say(exec(9, 1000 + times));
  const { elements, errors } = await waitFor('all', async () => {
    const answer = await served.ask({ kinds: ['exec'], recent: 1000 });
    return answer.statistics?.matched === 1000 && answer;
  });
  expect(elements?.events.length).toBe(Math.ceil((4 * 1024 * 1024) / (8100 + 8 + 200 + 2 + 6)));
  expect(errors).toEqual([
    `one answer has no room for more than these ${elements?.events.length} events: ask for fewer, or for another time`,
  ]);
});

test('with extra privacy who watches is told no names and no arguments', async () => {
  await using served = await serve({}, true);
  runMake(served.host);
  await waitFor('the exit', () => served.watched.length === 3);
  expect(JSON.stringify(served.watched)).not.toContain('make');
  expect(words(served)).toEqual([
    'exec 700 of 1: masked masked masked',
    'exit 701 masked: signal SEGV, core dumped after 10 ms',
    'exit 700 masked: code 2 after 1 s',
  ]);
});

test('bytes that are no UTF-8 are kept as lone surrogates, arguments without end are cut', async () => {
  await using served = await serve();
  const args = ['caf\xc3\xa9', '\xff', 'x'.repeat(9000)];
  writeProcess(served.host.procFolder, { pid: 9, startTicks: 1000, comm: 'odd', args });
  served.host.say(fork(9, 1000), exec(9, 1000));
  await waitFor('the exec', () => served.watched.length === 1);
  expect(served.watched[0]).toMatchObject({ args: ['café', '\udcff'], cut: true });
  const { elements } = await served.ask({ kinds: ['exec'] });
  expect(elements?.events[0]?.args?.[2]?.length).toBeGreaterThan(8000);
  expect(elements?.events[0]?.cut).toBe(true);
});

test('where the kernel tells nothing the module does not start, and says why', async () => {
  using host = createFakeHost();
  host.onStart = () => {
    throw new Error('no privilege');
  };
  const clock = { nowMs: () => 0, monotonicMs: () => 0 };
  const context = {
    config: config.parse({}),
    clock,
    log: () => undefined,
    event: () => undefined,
    extraPrivacy: false,
  };
  await expect(serveProcesses(host.take(), context, () => 0)).rejects.toThrow('no privilege');
  expect(host.open()).toBe(0);
});
