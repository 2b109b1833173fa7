import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { systemClock } from '../../../src/base/clock.ts';
import type { Log } from '../../../src/base/log.ts';
import { createActionTable, type ActionTableOptions } from '../../../src/agent/create-action-table.ts';
import { createColdSupply } from '../../../src/agent/child-supply.ts';
import { defaultLimits } from '../../../src/agent/limits.ts';
import { createOperationQueue } from '../../../src/agent/operation-queue.ts';
import type { OperationEnd } from '../../../src/agent/run-operation.ts';
import type { Report } from '../../../src/protocol/frame.ts';
import { waitFor } from '../../helpers/wait-for.ts';

const helpers = join(import.meta.dirname, '../../helpers');
const fake = { command: process.execPath, args: [join(helpers, 'fake-example-run.mjs')] };
const real = {
  command: process.execPath,
  args: ['--disable-warning=ExperimentalWarning', join(helpers, 'agent-main.ts')],
};

function open(
  options: Partial<ActionTableOptions> & { readonly places?: number; readonly program?: typeof fake } = {},
) {
  const lines: string[] = [];
  const note = (message: string, values: unknown = {}): void => void lines.push(`${message} ${JSON.stringify(values)}`);
  const log: Log = { info: note, warn: note, error: note };
  const limits = { ...defaultLimits, parallelOperations: options.places ?? 4 };
  const table = createActionTable({
    supply: createColdSupply({ program: options.program ?? fake, extraPrivacy: false }),
    limits,
    queue: createOperationQueue(limits.parallelOperations),
    clock: systemClock,
    log,
    ...options,
  });
  return { table, lines };
}

/** Who follows, and takes each report when `room` says so. */
function listen(room?: () => Promise<void> | undefined) {
  const heard: { readonly n: number; readonly report: Report }[] = [];
  return {
    heard,
    listener: (n: number, report: Report) => {
      heard.push({ n, report });
      return room?.();
    },
    kinds: () => heard.map(({ report }) => report.kind).filter((kind) => kind !== 'progress'),
    isDone: () => waitFor('the end', () => heard.some(({ report }) => report.kind === 'done'), 30_000),
  };
}

const action = (...operations: readonly unknown[]) => ({ name: 'n', target: 'local', operations });
const quick = { module: 'example', parameters: {} };
const hanging = { module: 'example', parameters: { hang: true } };
const large = (megabytes: number) => ({ module: 'example', parameters: { megabytes } });
const alice = { investigator: 'alice (uid 1)' };

describe('the actions of an agent', () => {
  test('run once and are told to all who follow, to each from where it begins', async () => {
    const { table, lines } = open();
    const [one, other, late] = [listen(), listen(), listen()];
    expect(table.follow('r', 0, one.listener)).toBeUndefined();
    table.take('r', action(quick), alice);
    table.follow('r', 0, one.listener);
    table.take('r', action(hanging), alice);
    table.follow('r', 0, other.listener);
    await one.isDone();
    await other.isDone();
    expect(one.kinds()).toEqual(['accepted', 'result', 'done']);
    expect(other.heard).toEqual(one.heard);
    table.follow('r', one.heard[0]?.n ?? 0, late.listener);
    expect(late.kinds()).toEqual(['result', 'done']);
    expect(table.kept('r').map(({ report }) => report.kind)).toEqual(['accepted', 'result', 'done']);
    expect(table.running()).toBe(0);
    expect(lines[0]).toBe('action taken {"ref":"r","name":"n","modules":["example"],"investigator":"alice (uid 1)"}');
  });

  test('are no longer told to who has left', async () => {
    const { table } = open();
    const gone = listen();
    const stays = listen();
    table.take('r', action(quick), alice);
    table.follow('r', 0, gone.listener)?.();
    table.follow('r', 0, stays.listener);
    await stays.isDone();
    expect(gone.kinds()).toEqual(['accepted']);
  });

  test('are cancelled when nobody has followed them for a while, and by then the one who comes back finds out why', async () => {
    const { table } = open({ orphanMs: 30 });
    table.take('r', action(hanging), alice);
    const back = listen();
    await waitFor('the end', () => table.running() === 0, 30_000);
    table.follow('r', 0, back.listener);
    expect(back.heard.at(-1)?.report).toEqual({ kind: 'done', status: 'cancelled' });
    const result = back.heard.find(({ report }) => report.kind === 'result')?.report;
    expect(JSON.stringify(result)).toContain('cancelled: nobody was there for its results for 0.03 s');
  });

  test('go on while somebody follows, however long', async () => {
    const { table } = open({ orphanMs: 1 });
    const here = listen();
    table.take('r', action(hanging), alice);
    const leave = table.follow('r', 0, here.listener);
    await waitFor('a hit', () => here.kinds().includes('hits'), 30_000);
    expect(table.running()).toBe(1);
    leave?.();
    await waitFor('the end', () => table.running() === 0, 30_000);
  });

  test('wait with their results for a console that does not read: as many as may run at once, no more', async () => {
    const { table } = open({ places: 4 });
    const doors: (() => void)[] = [];
    let isOpen = false;
    const slow = listen(() => (isOpen ? undefined : new Promise<void>((resolve) => void doors.push(resolve))));
    table.take('r', action(...Array.from({ length: 12 }, () => large(4))), alice);
    table.follow('r', 0, slow.listener);
    const resultsKept = (): number => table.kept('r').filter(({ report }) => report.kind === 'result').length;
    // One action has half of the four places: two results are there, and wait.
    doors.shift()?.();
    await waitFor('two results', () => resultsKept() === 2, 60_000);
    globalThis.gc?.();
    const before = process.memoryUsage().rss;
    const seen = new Set<number>();
    const until = performance.now() + 500;
    await waitFor('half a second of nothing new', () => {
      seen.add(resultsKept());
      return performance.now() > until;
    });
    expect([...seen]).toEqual([2]);
    expect(process.memoryUsage().rss - before).toBeLessThan(16 * 1024 * 1024);
    isOpen = true;
    for (const door of doors) door();
    await slow.isDone();
    expect(slow.kinds().filter((kind) => kind === 'result')).toHaveLength(12);
  });

  test('do not wait for a slow one while another takes them', async () => {
    const { table } = open();
    const never = listen(() => new Promise(() => undefined));
    const ready = listen();
    table.take('r', action(quick, quick, quick), alice);
    table.follow('r', 0, never.listener);
    table.follow('r', 0, ready.listener);
    await ready.isDone();
    expect(ready.kinds()).toHaveLength(5);
    expect(never.kinds()).toEqual(['accepted']);
  });

  test('tell progress only to who has taken all before it, and number no gap for nobody', async () => {
    const { table } = open({ program: real });
    table.take('r', action({ module: 'example', parameters: { gethostname: true } }), alice);
    await waitFor('the end', () => table.running() === 0, 30_000);
    expect(table.kept('r').map(({ n }) => n)).toEqual([1, 2, 3]);
  });

  test(
    'forget what was delivered of large results, and say so to who comes back for it',
    { timeout: 60_000 },
    async () => {
      const { table } = open({ places: 2 });
      const here = listen();
      table.take('r', action(...Array.from({ length: 8 }, () => large(12)), hanging), alice);
      table.follow('r', 0, here.listener);
      await waitFor('eight results', () => here.kinds().filter((kind) => kind === 'result').length === 8, 50_000);
      const kept = table.kept('r').map(({ report }) => JSON.stringify(report).length);
      expect(kept.reduce((sum, length) => sum + length, 0)).toBeLessThan(80 * 1024 * 1024);
      const again = listen();
      table.follow('r', 0, again.listener);
      expect(again.kinds().filter((kind) => kind === 'result')).toHaveLength(8);
      expect(JSON.stringify(again.heard[1])).toContain('is no longer kept by the agent: launch it again');
      await table.stop();
    },
  );

  test('are refused, with the reason, where they are none, mean another agent or come too late', async () => {
    const { table } = open();
    const [none, late] = [listen(), listen()];
    table.take('none', action(), alice);
    table.follow('none', 0, none.listener);
    expect(none.heard[0]).toMatchObject({ n: 1, report: { kind: 'refused', error: { code: 'ACTION_INVALID' } } });
    await table.stop();
    table.take('late', action(quick), alice);
    table.follow('late', 0, late.listener);
    expect(late.heard[0]).toMatchObject({ report: { kind: 'refused', error: { code: 'AGENT_STOPPING' } } });
  });

  test('are cancelled by a stop, which ends when they have ended', async () => {
    const { table } = open();
    const here = listen();
    table.take('r', action(hanging), alice);
    table.follow('r', 0, here.listener);
    await waitFor('a hit', () => here.kinds().includes('hits'), 30_000);
    await table.stop();
    await here.isDone();
    expect(here.heard.at(-1)?.report).toEqual({ kind: 'done', status: 'cancelled' });
    expect(JSON.stringify(here.heard)).toContain('cancelled: the agent is stopping; what was found until then is kept');
  });
});

describe('an action whose operation restarts the agent', () => {
  const end: OperationEnd = {
    status: 'success',
    partial: false,
    durationMs: 5,
    result: { foundanything: true, success: true, elements: { newpid: 7 }, statistics: null, errors: null },
  };
  const restartOfAgent = { module: 'agentrestart', parameters: {} };

  test('is handed to the desk with who asked, and left to the next process by a stop', async () => {
    const asked: unknown[] = [];
    const { table } = open({
      restart: {
        request: async (request, { onInProgress }) => {
          asked.push(request);
          await onInProgress('on its way');
          return new Promise(() => undefined);
        },
      },
    });
    const here = listen();
    table.take('r', action(restartOfAgent, quick), alice);
    table.follow('r', 0, here.listener);
    await waitFor('both', () => here.kinds().includes('inProgress') && here.kinds().includes('result'), 30_000);
    await table.stop();
    expect(here.kinds()).not.toContain('done');
    expect(asked).toEqual([
      {
        id: 'r:0',
        module: undefined,
        timeoutMs: 30_000,
        requester: 'alice (uid 1)',
        source: 'console',
        action: { ref: 'r', operation: 0, operations: 2 },
      },
    ]);
  });

  test('is taken up by the next process, numbers and all', async () => {
    const { table } = open();
    const verdict = Promise.withResolvers<OperationEnd>();
    const result: Report = { kind: 'result', operation: 1, ...end, status: 'failed' };
    const reports = [
      { n: 1, report: { kind: 'accepted' } },
      { n: 4, report: result },
    ] as const;
    table.adopt('r', { reports, operation: 0, end: verdict.promise });
    expect(table.running()).toBe(1);
    const back = listen();
    table.follow('r', 1, back.listener);
    expect(back.heard.map(({ n }) => n)).toEqual([4]);
    verdict.resolve(end);
    await back.isDone();
    expect(back.heard.slice(1)).toEqual([
      { n: 5, report: { kind: 'result', operation: 0, ...end } },
      { n: 6, report: { kind: 'done', status: 'failed' } },
    ]);
    expect(table.running()).toBe(0);
  });

  test('fails in an agent that has no desk, with the reason', async () => {
    const { table } = open();
    const here = listen();
    table.take('r', action(restartOfAgent), alice);
    table.follow('r', 0, here.listener);
    await here.isDone();
    expect(JSON.stringify(here.heard)).toContain(
      'agentrestart: there is nothing to restart: this agent was started by a console',
    );
  });
});

describe('a query to a persistent module', () => {
  const persistent = (phase: 'disabled' | 'starting' | 'waiting' | 'healthy', socket?: string) => {
    const listeners = new Set<() => void>();
    const state = { phase, socket };
    return {
      become: (next: typeof phase, at?: string) => {
        Object.assign(state, { phase: next, socket: at });
        for (const listener of listeners) listener();
      },
      listeners,
      socketOf: () => state.socket,
      states: () => [{ name: 'example', phase: state.phase, restarts: 1 }],
      onChange: (listener: () => void) => {
        listeners.add(listener);
        return () => void listeners.delete(listener);
      },
    };
  };
  const outcome = async (modules: ReturnType<typeof persistent>) => {
    const { table } = open({ persistent: modules });
    const here = listen();
    table.take('r', action(quick), alice);
    table.follow('r', 0, here.listener);
    await here.isDone();
    return JSON.stringify(here.heard.find(({ report }) => report.kind === 'result'));
  };

  test('fails with the way out where the module is not enabled', async () => {
    expect(await outcome(persistent('disabled'))).toContain(
      'example: it is not enabled on this agent: write \\"persistent: { example: { enabled: true } }\\" into the agent\'s configuration',
    );
  });

  test('waits for a module that starts again', async () => {
    const modules = persistent('waiting');
    const pending = outcome(modules);
    await waitFor('somebody who waits', () => modules.listeners.size === 1);
    modules.become('starting');
    modules.become('healthy', 'unix:/x');
    expect(await pending).toContain('"status":"success"');
    expect(modules.listeners.size).toBe(0);
  });

  test('fails with the state of a module that does not come back', async () => {
    const modules = persistent('waiting');
    const pending = outcome(modules);
    await waitFor('somebody who waits', () => modules.listeners.size === 1);
    modules.become('disabled');
    expect(await pending).toContain('"status":"failed"');
  });
});
