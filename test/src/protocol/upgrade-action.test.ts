import { expect, test } from 'vitest';
import { checkAction, parseAction } from '../../../src/protocol/action.ts';

const load = (operations: readonly unknown[], more: object = {}) => {
  const { action, notices } = parseAction(JSON.stringify({ name: 'n', target: 't', operations, ...more }));
  return { operations: action.operations, notices };
};

test('the module connected becomes a netstat query for its addresses, each once', () => {
  expect(load([{ module: 'connected', parameters: { c2: ['192.0.2.1', '192.0.2.2'], more: ['192.0.2.1'] } }])).toEqual({
    operations: [{ module: 'netstat', parameters: { connectedip: ['192.0.2.1', '192.0.2.2'] } }],
    notices: ["operation 1 (connected): the module connected is netstat's connectedip now; 2 addresses taken over"],
  });
});

test('the search key regexes becomes contents', () => {
  expect(
    load([{ module: 'file', parameters: { searches: { s: { paths: ['/proc/uptime'], regexes: ['^5'] } } } }]),
  ).toEqual({
    operations: [{ module: 'file', parameters: { searches: { s: { paths: ['/proc/uptime'], contents: ['^5'] } } } }],
    notices: ["operation 1 (file), search 's': the key regexes is contents now; it was renamed"],
  });
});

test('searches that stand directly in the parameters are wrapped', () => {
  expect(load([{ module: 'file', parameters: { s: { paths: ['/etc'], names: ['x'] } } }])).toEqual({
    operations: [{ module: 'file', parameters: { searches: { s: { paths: ['/etc'], names: ['x'] } } } }],
    notices: ['operation 1 (file): searches stand under the key "searches" now; they were put there'],
  });
});

test.each([
  ['/usr/bin/*', '/usr/bin', ''],
  ['/usr/bin/s*', '/usr/bin', ', which is more than the glob meant'],
  ['/home/*/.ssh/id_?sa', '/home', ', which is more than the glob meant'],
  ['/*', '/', ''],
])('a path with a glob becomes the directory in front of it: %s', (path, parent, more) => {
  const { operations, notices } = load([{ module: 'file', parameters: { searches: { s: { paths: ['/x', path] } } } }]);
  expect(operations).toEqual([{ module: 'file', parameters: { searches: { s: { paths: ['/x', parent] } } } }]);
  expect(notices).toEqual([
    `operation 1 (file), search 's': globs are not expanded any more; ${path} became ${parent}${more}`,
  ]);
});

test('a depth that counted from what a glob named counts from the directory in front of it', () => {
  const search = (paths: readonly string[], maxdepth: number) => ({
    module: 'file',
    parameters: { searches: { s: { paths, options: { maxdepth, matchall: true } } } },
  });
  expect(load([search(['/usr/bin/*', '/usr/bin/?'], 2)]).operations).toEqual([search(['/usr/bin'], 3)]);
  expect(load([search(['/home/*/bin/*'], 1)]).operations).toEqual([search(['/home'], 4)]);
  expect(load([search(['/usr/bin/*'], 0)]).operations).toEqual([search(['/usr/bin'], 0)]);
});

test('an action that comes from a console, not from a file, keeps its paths', () => {
  const operations = [{ module: 'file', parameters: { searches: { s: { paths: ['/srv/[*]'], regexes: ['x'] } } } }];
  expect(checkAction({ name: 'n', target: 't', operations })).toMatchObject({ action: { operations }, notices: [] });
});

test('a signed action is never rewritten', () => {
  const { operations, notices } = load([{ module: 'connected', parameters: { a: ['192.0.2.1'] } }], {
    pgpsignatures: ['x'],
  });
  expect(operations).toEqual([{ module: 'connected', parameters: { a: ['192.0.2.1'] } }]);
  expect(notices).toEqual([expect.stringMatching(/^not rewritten, because the action is signed: /)]);
});

test('parameters of a strange shape are left for the module to refuse', () => {
  for (const parameters of [null, 7, 'x', [], { searches: 7 }, { searches: { s: null } }]) {
    expect(load([{ module: 'file', parameters }]).notices).toEqual([]);
  }
});
