import { expect, test } from 'vitest';
import { findOwnProcesses } from '../../../modules/memory/own-processes.ts';
import type { ProcessProgram } from '../../../src/linux/proc/read-executable.ts';

const node = '/opt/node';

/** Processes by number: parent and executable. */
function find(
  self: number,
  table: Readonly<Record<number, readonly [parent: number, executable: string | undefined]>>,
) {
  const readProgram = (pid: number): ProcessProgram | undefined => {
    const entry = table[pid];
    return entry && { parent: entry[0], executable: entry[1], name: '' };
  };
  const { own, ancestors } = findOwnProcesses(self, Object.keys(table).map(Number), readProgram);
  return { own: [...own].toSorted((a, b) => a - b), ancestors: [...ancestors].toSorted((a, b) => a - b) };
}

test('a process that a shell started is alone', () => {
  expect(
    find(30, { 1: [0, '/sbin/init'], 20: [1, '/bin/bash'], 30: [20, node], 40: [20, node], 50: [30, node] }),
  ).toEqual({
    own: [30],
    ancestors: [1, 20],
  });
});

test('the agent, the console above it and their other children belong to it, its own children do not', () => {
  const table = {
    1: [0, '/sbin/init'],
    20: [1, '/bin/bash'],
    30: [20, node],
    40: [30, node],
    50: [40, node],
    51: [40, `${node} (deleted)`],
    52: [40, '/usr/bin/cat'],
    60: [50, node],
    70: [1, node],
  } as const;
  expect(find(50, table)).toEqual({ own: [30, 40, 50, 51], ancestors: [1, 20] });
});

test('a program of the same kind further up is only an ancestor', () => {
  expect(find(50, { 1: [0, node], 20: [1, '/bin/bash'], 50: [20, node] })).toEqual({ own: [50], ancestors: [1, 20] });
});

test('processes that vanish, and a circle, end the way up', () => {
  expect(find(50, { 50: [49, node] })).toEqual({ own: [50], ancestors: [49] });
  expect(find(50, { 50: [60, node], 60: [50, '/bin/sh'] }).own).toEqual([50]);
  expect(find(50, {})).toEqual({ own: [50], ancestors: [] });
});
