import { expect, test } from 'vitest';
import { findOwnProcesses } from '../../../modules/memory/find-own-processes.ts';

const node = '/opt/node';
const entry = '/opt/gumshoe/bin/gumshoe-agent';
const agent = [node, '--flag', entry, '--stdio'];
const investigator = [node, '/opt/gumshoe/bin/gumshoe'];
const shell = ['bash'];

type Row = readonly [parent: number, executable: string | undefined, command: readonly string[]];

function find(self: number, table: Readonly<Record<number, Row>>) {
  const { own, ancestors } = findOwnProcesses({ pid: self, entry }, Object.keys(table).map(Number), (pid) => {
    const row = table[pid];
    return row && { parent: row[0], executable: row[1], command: row[2] };
  });
  return { own: [...own].toSorted((a, b) => a - b), ancestors: [...ancestors].toSorted((a, b) => a - b) };
}

test('a run that a shell started is alone', () => {
  const table = {
    1: [0, '/sbin/init', ['init']],
    20: [1, '/bin/bash', shell],
    30: [20, node, agent],
    40: [20, node, agent],
    50: [30, node, agent],
  } as const;
  expect(find(30, table)).toEqual({ own: [30], ancestors: [1, 20] });
});

test('the agent, the console above it and their other gumshoe children belong to it; its own children and other programs do not', () => {
  const table = {
    1: [0, '/sbin/init', ['init']],
    20: [1, '/bin/bash', shell],
    30: [20, node, investigator],
    40: [30, node, agent],
    50: [40, node, agent],
    51: [40, `${node} (deleted)`, agent],
    52: [40, '/usr/bin/cat', ['cat', entry]],
    53: [40, node, [node, '/opt/other.js']],
    60: [50, node, agent],
    70: [1, node, agent],
  } as const;
  expect(find(50, table)).toEqual({ own: [30, 40, 50, 51], ancestors: [1, 20] });
});

test('another program in the same language that starts the agent is searched, and so are its children', () => {
  const table = {
    1: [0, node, agent],
    20: [1, node, [node, '/opt/pm2/gumshoe-fleet.js']],
    21: [20, node, [node, '/srv/app.js']],
    50: [20, node, agent],
  } as const;
  expect(find(50, table)).toEqual({ own: [50], ancestors: [1, 20] });
});

test('processes that vanish, and a circle, end the way up', () => {
  expect(find(50, { 50: [49, node, agent] })).toEqual({ own: [50], ancestors: [49] });
  expect(find(50, { 50: [60, node, agent], 60: [50, '/bin/sh', shell] }).own).toEqual([50]);
  expect(find(50, {})).toEqual({ own: [50], ancestors: [] });
});
