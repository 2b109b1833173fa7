import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { emptyDraft } from '../../../../src/console/draft.ts';
import { findPivots } from '../../../../src/console/results/find-pivots.ts';
import { defineModule, type Module } from '../../../../src/module/define-module.ts';
import { flatParams } from '../../../../src/module/params.ts';
import type { Pivot } from '../../../../src/module/pivot.ts';
import { createAction } from '../../../../src/store/actions.ts';
import { createCommands } from '../../../../src/store/commands.ts';
import { closeStore, openMemoryStore, type Store } from '../../../../src/store/open-store.ts';
import { storeReport } from '../../../../src/store/results.ts';
import { agentInfo } from '../../../helpers/fake-link.ts';

type Elements = readonly Pivot[];

/** A module whose findings are what it can be followed into. */
const finder = defineModule<unknown, Elements, unknown>({
  name: 'finder',
  summary: 'x',
  platforms: ['linux'],
  examples: [],
  params: flatParams(z.object({})),
  run: async () => ({ run: async () => ({ foundAnything: false, elements: [], statistics: null, errors: [] }) }),
  printResults: async () => ({ printResults: () => [], rows: () => [] }),
  pivots: async () => ({
    pivots: ({ elements }, parameters) => ({
      pivots: (elements ?? []).map((one) => ({ ...one, module: one.module.toLowerCase() })),
      problems: JSON.stringify(parameters) === '{"lacks":true}' ? ['it lacks'] : [],
    }),
  }),
});
const findModule = (name: string): Module | undefined => (name === 'finder' ? finder : undefined);

const pid: Pivot = { kind: 'pid', value: '7', label: 'a[7]', module: 'finder', flags: ['-pid', '7'], isOfAgent: true };
const path: Pivot = { ...pid, kind: 'path', value: '/x', label: '/x', flags: ['-wrote', '/x'], isOfAgent: false };

let store: Store;
beforeAll(() => {
  store = openMemoryStore();
});
afterAll(() => closeStore(store));

/** An action of operations that answered so on each agent, as [agent, operation, elements]. */
async function find(
  answers: readonly (readonly [agent: string, operation: number, elements: unknown])[],
  operations: readonly { readonly module: string; readonly parameters: unknown }[] = [
    { module: 'finder', parameters: {} },
  ],
  n?: number,
) {
  const names = [...new Set(answers.map(([name]) => name))];
  const ref = String(Math.random());
  const action = createAction(store, {
    ref,
    action: { ...emptyDraft, operations: [...operations] },
    investigator: 'j',
    nowMs: 1,
    expireAfterMs: 9,
  });
  createCommands(store, action, names.map(agentInfo), 1);
  answers.forEach(([name, operation, elements], at) => {
    const result = { foundanything: elements !== null, success: true, elements, statistics: null, errors: null };
    const report = { kind: 'result', operation, status: 'success', partial: false, durationMs: 1, result } as const;
    storeReport(store, { action, n: names.indexOf(name) + 1, reportN: at + 1 }, report, 1);
  });
  return findPivots({ action, n }, { store, operations, findModule });
}

const agents = (...names: readonly string[]) => names.map((name) => ({ id: `id-${name}`, name }));

test('what means the same on all agents is told once with those that have it, what is of one agent for each', async () => {
  expect(
    await find([
      ['a', 0, [pid, path, pid]],
      ['b', 0, [path, pid]],
      ['c', 0, null],
    ]),
  ).toEqual({
    choices: [
      { ...pid, n: 1, agents: agents('a') },
      { ...path, n: 2, agents: agents('a', 'b') },
      { ...pid, n: 3, agents: agents('b') },
    ],
    isCut: false,
    problems: [],
    finders: agents('a', 'b'),
  });
});

test('a command alone is looked at where it is asked for', async () => {
  const { choices } = await find(
    [
      ['a', 0, [path]],
      ['b', 0, [path]],
    ],
    undefined,
    2,
  );
  expect(choices).toEqual([{ ...path, n: 1, agents: agents('b') }]);
});

test.each([
  ['elements of another shape', { a: 1 }, /cannot be followed: .*map is not a function/],
  ['a text that is none', [{ ...pid, label: { toString: 1 } }], 'expected texts, got something else'],
  ['flags that are none', [{ ...pid, flags: 7 }], /cannot be followed: /],
  [
    'a value without end',
    [{ ...pid, value: 'x'.repeat(5000) }],
    'expected values of at most 4096 characters, got a longer one',
  ],
  ['a module that is not there', [{ ...pid, module: 'nothing' }], 'module nothing is not in this console'],
  ['a module whose name is a number', [{ ...pid, module: 7 }], /toLowerCase is not a function/],
])('%s is said of its agent, and touches no other', async (_, elements, problem) => {
  const { choices, problems } = await find([
    ['bad', 0, elements],
    ['good', 0, [path]],
  ]);
  expect(choices).toEqual([{ ...path, n: 1, agents: agents('good') }]);
  expect(problems).toHaveLength(1);
  expect(problems[0]).toMatch(/^bad, operation 1 \(finder\): what it found cannot be followed: /);
  expect(problems[0]).toEqual(expect.stringMatching(problem));
});

test('why something cannot be followed is told with its operation, a few times', async () => {
  const lacking = { module: 'finder', parameters: { lacks: true } };
  const many = Array.from({ length: 9 }, (_, at) => [`web-${at}`, 1, [path]] as const);
  const { problems } = await find(many, [{ module: 'other', parameters: {} }, lacking]);
  expect(problems).toHaveLength(5);
  expect(problems[0]).toBe('web-0, operation 2 (finder): it lacks');
});

test('a module that this console does not know, or that follows nothing, offers nothing', async () => {
  expect(await find([['a', 0, [path]]], [{ module: 'unknown', parameters: {} }])).toMatchObject({
    choices: [],
    problems: [],
    finders: agents('a'),
  });
});

test('a flood of findings is cut, and it is said', async () => {
  const flood = Array.from({ length: 10_001 }, (_, at) => ({ ...pid, flags: ['-pid', String(at)] }));
  const { choices, isCut } = await find([['a', 0, flood]]);
  expect([choices.length, isCut]).toEqual([10_000, true]);
});
