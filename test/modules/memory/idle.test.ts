/** Searches that can find nothing say so, and only processes that something is asked about are counted. */
import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Elements } from '../../../modules/memory/elements.ts';
import { params } from '../../../modules/memory/params.ts';
import { runOn } from '../../../modules/memory/run.ts';
import { createParamsFromFields } from '../../../src/module/create-params.ts';
import { runCreator } from '../../../src/module/ask.ts';
import { parseParams } from '../../../src/module/flags.ts';
import { validateParameters } from '../../../src/module/params.ts';
import { createRunContext } from '../../helpers/run-context.ts';
import { createScriptedAnswerer } from '../../helpers/scripted-answerer.ts';
import { createTemporaryFolder } from '../../helpers/temporary-folder.ts';
import { withoutRoot } from '../../helpers/without-root.ts';
import { createFakeProcess } from './fake-process.ts';

const needsCondition =
  "the search 's1' has no condition and can find nothing: give it a name, lib, bytes, content, yara or rules";

function runIn(procFolder: string, searches: unknown) {
  return runOn({ procFolder }, validateParameters(params, { searches }), createRunContext<Elements>());
}

async function search(searches: unknown) {
  using folder = createTemporaryFolder();
  for (const pid of [5, 6, 7]) createFakeProcess(folder.path, pid, { executable: '/opt/x' });
  return await runIn(folder.path, searches);
}

describe('a search without a condition', () => {
  test('finds nothing, looks at nothing and is told', async () => {
    const { elements, statistics, errors } = await search({ s1: { pids: [5], options: { matchall: true } }, any: {} });
    expect(elements).toEqual({
      s1: [{ process: { name: '', pid: 0 }, search: { pids: ['5'], options: { matchall: true } } }],
      any: null,
    });
    expect(statistics.processcount).toBe(0);
    expect(errors).toEqual([`warning: ${needsCondition}`, `warning: ${needsCondition.replace('s1', 'any')}`]);
  });

  test.each([[[]], [['-pid', '1']], [['-matchany', '-offset', '1']]])('flags refuse it: %j', (words) => {
    expect(() => parseParams(params, words)).toThrow(
      expect.objectContaining({ code: 'PARAMETERS_INVALID', message: needsCondition }),
    );
  });
});

test('questions refuse a search without a condition, and go on', async () => {
  const answerer = createScriptedAnswerer(['s1', 'pid', '1', 'done', 'name', 'x', 'done', 'done']);
  expect(await runCreator(createParamsFromFields(params), answerer, undefined)).toEqual({
    searches: { s1: { pids: ['1'], names: ['x'], options: { matchall: true, maxaddresses: 10 } } },
  });
  expect(answerer.notes).toContain(needsCondition);
});

test('questions about searches of a file do not end with one that has no condition', async () => {
  const answers = ['done', 'remove', 'idle', 'remove', 'done', 'another', 's1', 'name', 'x', 'done', 'done'];
  const answerer = createScriptedAnswerer(answers);
  const previous = { searches: { s1: { names: ['x'] }, idle: { pids: ['1'] } } };
  expect(await runCreator(createParamsFromFields(params), answerer, previous)).toEqual({
    searches: { s1: { names: ['x'], options: { matchall: true, maxaddresses: 10 } } },
  });
  expect(answerer.notes).toEqual([needsCondition.replace('s1', 'idle'), 'expected a search, got none: add one']);
});

describe('processes that are asked for', () => {
  test('and that there are: they alone are counted', async () => {
    const { statistics, errors } = await search({ s1: { pids: [6], names: ['.'] } });
    expect(statistics).toMatchObject({ processcount: 1, totalhits: 1 });
    expect(errors).toEqual([]);
  });

  test('and that there are not: they are told', async () => {
    const { statistics, errors } = await search({ s1: { pids: [99_999_999], names: ['.'] } });
    expect(statistics).toMatchObject({ processcount: 0, totalhits: 0 });
    expect(errors).toEqual(['warning: there is no process 99999999, or none that this agent may see']);
  });

  test('of many the first ones', async () => {
    const pids = [5, ...Array.from({ length: 8 }, (_, index) => 90 + index)];
    const { errors } = await search({ s1: { pids, names: ['.'] }, s2: { pids: [90], names: ['.'] } });
    expect(errors).toEqual([
      'warning: there is no process 90, 91, 92, 93, 94 and 3 more, or none that this agent may see',
    ]);
  });
});

describe('without root', () => {
  const asNobody = async (hidden: string) => {
    using folder = createTemporaryFolder();
    createFakeProcess(folder.path, 5, { name: 'five' });
    chmodSync(folder.path, 0o755);
    chmodSync(join(folder.path, hidden), 0);
    return await withoutRoot(() => runIn(folder.path, { s1: { names: ['five'], contents: ['x'] } }));
  };

  test('a thread of the kernel, whose maps are denied as well, is no failure', async () => {
    const { statistics, errors } = await asNobody('5/maps');
    expect(statistics).toMatchObject({ processcount: 1, totalhits: 1, failed: 0 });
    expect(errors).toEqual([]);
  });

  test('a process that hides even its status has not ended: it could not be read', async () => {
    const { statistics, errors } = await asNobody('5/status');
    expect(statistics).toMatchObject({ processcount: 1, totalhits: 0, failed: 1, vanished: 0 });
    expect(errors).toEqual([expect.stringMatching(/^the path of the executable of 1 process could not be read: /)]);
  });
});
