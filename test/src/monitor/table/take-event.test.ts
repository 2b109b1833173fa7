import { expect, test } from 'vitest';
import { createEventTaker } from '../../../../src/monitor/table/take-event.ts';
import { createProcessTable } from '../../../../src/monitor/table/process-table.ts';
import type { TickClock } from '../../../../src/monitor/table/tick-clock.ts';
import type { ExecEvent } from '../../../../src/linux/connector/process-event.ts';

const ticks: TickClock = {
  ticksOf: (ns) => Math.floor(ns / 1e7),
  nsOf: (count) => count * 1e7,
  isBirth: () => true,
  tolerance: () => 0,
  look: () => undefined,
};
const exec = (pid: number): ExecEvent => ({ kind: 'exec', cpu: 0, sequence: 0, monotonicNs: pid, pid, tid: pid });

test('where all that had ended at once were gone, one of 32 is looked at, and all again as soon as one is still there', () => {
  const looked: number[] = [];
  const there = new Set<number>();
  const names: (string | undefined)[] = [];
  const taker = createEventTaker({
    table: createProcessTable(),
    look: {
      see: (pid) => {
        looked.push(pid);
        if (!there.has(pid)) return undefined;
        const facts = { pid, startTicks: 0, parentPid: 1, isEnded: true, isFirstEnded: true, threads: 1, image: '' };
        return { ...facts, comm: `name ${pid}` };
      },
      readProgram: () => undefined,
      readThreads: () => undefined,
    },
    ticks,
    monotonicNs: () => 0,
    tell: (told) => void (told.kind === 'exec' && names.push(told.process.comm)),
    isToldExit: () => false,
  });
  const takeDoomed = (from: number, until: number): void => {
    for (let pid = from; pid <= until; pid++) taker.take(exec(pid), () => true);
  };
  takeDoomed(1, 352);
  expect(looked).toHaveLength(32 + 320 / 32);
  there.add(384);
  takeDoomed(353, 384);
  expect(names.at(-1)).toBe('name 384');
  const before = looked.length;
  takeDoomed(385, 404);
  expect(looked.slice(before)).toHaveLength(20);
  expect(names).toHaveLength(404);
});
