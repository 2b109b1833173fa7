import { expect, test } from 'vitest';
import { createLife } from '../../../../src/monitor/table/life.ts';
import { createProcessTable } from '../../../../src/monitor/table/process-table.ts';
import type { ForkEvent } from '../../../../src/linux/connector/process-event.ts';

const fork = (pid: number, tid = pid, parentPid = 1): ForkEvent => ({
  kind: 'fork',
  cpu: 0,
  sequence: 0,
  monotonicNs: pid,
  pid,
  tid,
  parentPid,
  parentTid: parentPid,
});

test('a host that makes processes without end fills the table to its limit, and room that is given back is used again', () => {
  const table = createProcessTable();
  for (let pid = 1; pid <= 300_000; pid++) table.fork(fork(pid), () => false);
  expect(table.size()).toBe(262_144);
  expect(table.put(createLife(400_000))).toBe(false);
  const first = table.get(1);
  if (first) table.remove(first);
  expect(table.put(createLife(400_000))).toBe(true);
  expect(table.size()).toBe(262_144);
});

test('arguments are kept up to a limit in all; what is beyond is kept without', () => {
  const table = createProcessTable();
  const program = { executable: '/bin/x', args: ['x'.repeat(8000)], isCut: true, image: '1' };
  for (let pid = 1; pid <= 20_000; pid++) {
    const life = createLife(pid);
    table.put(life);
    table.setProgram(life, program);
  }
  const withArgs = [...table.lives()].filter((life) => life.program.args !== undefined).length;
  expect(withArgs).toBe(Math.floor((64 * 1024 * 1024) / 8016));
  // Ends give the room back.
  for (let pid = 1; pid <= 20_000; pid++) {
    const life = table.get(pid);
    if (life) table.remove(life);
  }
  const life = createLife(1);
  table.put(life);
  table.setProgram(life, program);
  expect(life.program.args).toEqual(program.args);
});

test('a child has the program of its parent, and shares it', () => {
  const table = createProcessTable();
  const program = { executable: '/bin/x', args: ['x'], isCut: false, image: '1' };
  table.put(createLife(5, { comm: 'x', program }));
  const born = table.fork(fork(6, 6, 5), () => false);
  expect(born?.life.program).toBe(program);
  expect(born?.life.comm).toBe('x');
  expect(table.fork(fork(6, 7), () => false)).toBeUndefined();
  expect([...(table.get(6)?.threads ?? [])]).toEqual([6, 7]);
});
