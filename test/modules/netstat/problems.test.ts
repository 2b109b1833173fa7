import { expect, test } from 'vitest';
import { createProblems } from '../../../modules/netstat/problems.ts';

test('the same problem in many namespaces is one error that names a few', () => {
  const problems = createProblems();
  for (let at = 1; at <= 5; at++) problems.add('no tool', `net:[${at}]`);
  problems.add('no table');
  problems.add('no table');
  expect(problems.list()).toEqual(['no tool (in net:[1], net:[2], net:[3] and 2 more)', 'no table']);
});

test('lines that are left out are one error a table', () => {
  const problems = createProblems();
  problems.skip('net/tcp');
  problems.skip('net/tcp', 2);
  problems.skip('net/udp', 0);
  expect(problems.list()).toEqual(['net/tcp: 3 lines were not understood and left out']);
});
