import { beforeAll, afterAll, describe, expect, test } from 'vitest';
import { emptyDraft } from '../../../../src/console/draft.ts';
import { renderPlain } from '../../../../src/console/render-line.ts';
import { emptySummary } from '../../../../src/console/results/read-items.ts';
import { renderResults } from '../../../../src/console/results/render-results.ts';
import { parseResultQuery } from '../../../../src/console/results/result-query.ts';
import { initialSettings } from '../../../../src/console/settings.ts';
import { splitWords } from '../../../../src/console/words.ts';
import { defineModule } from '../../../../src/module/define-module.ts';
import { line } from '../../../../src/module/line.ts';
import { flatParams } from '../../../../src/module/params.ts';
import { createAction } from '../../../../src/store/actions.ts';
import { createCommands } from '../../../../src/store/commands.ts';
import { closeStore, openMemoryStore, type Store } from '../../../../src/store/open-store.ts';
import { storeReport } from '../../../../src/store/results.ts';
import { agentInfo } from '../../../helpers/fake-link.ts';
import { z } from 'zod';

interface Elements {
  readonly files: readonly { readonly path: string; readonly size: number }[];
  /** Said whatever was found. */
  readonly verdict?: string;
}

const nothing: Elements = { files: [] };

/** A module that found files. */
const finder = defineModule({
  name: 'finder',
  summary: 'x',
  platforms: ['linux'],
  examples: [],
  params: flatParams(z.object({})),
  run: async () => ({
    run: async () => ({ foundAnything: false, elements: nothing, statistics: {}, errors: [] }),
  }),
  printResults: async () => ({
    printResults: ({ elements, errors }, { matchOnly }) => [
      ...(elements?.files ?? []).map(({ path, size }) => line(`${path} size:${size}`, 'hit')),
      ...(elements?.verdict === undefined ? [] : [line(elements.verdict)]),
      ...(matchOnly ? [] : (errors ?? []).map((error) => line(`error: ${error}`, 'error'))),
    ],
    rows: ({ elements }) => (elements?.files ?? []).map(({ path, size }) => ({ file: path, size })),
  }),
});

let store: Store;
const operations = [{ module: 'finder', parameters: {} }];
const total = 100_000;

beforeAll(() => {
  store = openMemoryStore();
  const values = { investigator: 'j', nowMs: 1, expireAfterMs: 9, action: { ...emptyDraft, operations } };
  const agents = [agentInfo('web-01'), agentInfo('web-02'), agentInfo('db-01')];
  createAction(store, { ...values, ref: 'small' });
  createCommands(store, 1, agents, 1);
  const found = (files: Elements['files'], errors: readonly string[] = []) => ({
    kind: 'result' as const,
    operation: 0,
    status: errors.length > 0 ? ('failed' as const) : ('success' as const),
    partial: false,
    durationMs: 1,
    result: {
      foundanything: files.length > 0,
      success: errors.length === 0,
      elements: { files },
      statistics: null,
      errors: errors.length > 0 ? errors : null,
    },
  });
  storeReport(
    store,
    { action: 1, n: 1, reportN: 1 },
    found([
      { path: '/b', size: 20 },
      { path: '/a\x1b[2J', size: 3 },
    ]),
    1,
  );
  storeReport(store, { action: 1, n: 2, reportN: 1 }, found([]), 1);
  storeReport(store, { action: 1, n: 3, reportN: 1 }, found([], ['cannot read /proc']), 1);
  createAction(store, { ...values, ref: 'big' });
  createAction(store, { ...values, ref: 'verdict' });
  createCommands(store, 3, agents.slice(0, 1), 1);
  const calm = found([]);
  const elements: Elements = { files: [], verdict: 'all is well' };
  storeReport(store, { action: 3, n: 1, reportN: 1 }, { ...calm, result: { ...calm.result, elements } }, 1);
  createCommands(store, 2, agents.slice(0, 1), 1);
  createAction(store, { ...values, ref: 'fleet' });
  createCommands(store, 4, agents, 1);
  const onEach = [
    [
      { path: '/usual', size: 1 },
      { path: '/odd\x1b[2J', size: 3 },
    ],
    [{ path: '/usual', size: 1 }],
    [
      { path: '/usual', size: 2 },
      { path: '/rare', size: 3 },
      { path: '/rare', size: 4 },
    ],
  ];
  onEach.forEach((files, at) => storeReport(store, { action: 4, n: at + 1, reportN: 1 }, found(files), 1));
  const many = Array.from({ length: total }, (_, at) => ({ path: `/usr/share/${at}`, size: at }));
  storeReport(store, { action: 2, n: 1, reportN: 1 }, found(many), 1);
});
afterAll(() => closeStore(store));

async function show(words: string, width?: number) {
  const query = parseResultQuery(splitWords(words), { settings: initialSettings });
  const summary = emptySummary();
  const texts: string[] = [];
  let largest = 0;
  const options = { store, operations, findModule: () => finder, summary, width };
  for await (const piece of renderResults(query, options)) {
    const page = 'lines' in piece ? piece.lines.map(renderPlain) : piece.safe;
    largest = Math.max(largest, page.length);
    for (const text of page) texts.push(text);
  }
  return { texts, summary, largest };
}

describe('results', () => {
  test('are findings alone unless it is said otherwise; failures are counted, never hidden', async () => {
    const { texts, summary } = await show('1');
    expect(texts).toEqual(['web-01 /b size:20', 'web-01 /a\\x1b[2J size:3']);
    expect(summary).toEqual({
      agents: 3,
      found: 1,
      nothing: 1,
      failed: 1,
      unanswered: 0,
      partial: 0,
      errors: 0,
      reasons: ['db-01 cannot read /proc'],
    });
  });

  test('of an operation that found nothing are what its module says all the same', async () => {
    expect((await show('3')).texts).toEqual(['web-01 all is well']);
    expect((await show('3 --format jsonl')).texts).toEqual([]);
  });

  test('of all agents tell what each came to, with the reason', async () => {
    expect((await show('1 notfound')).texts).toEqual([
      'web-02 operation 1 (finder): nothing found',
      'db-01 error: cannot read /proc',
      'db-01 operation 1 (finder) did not succeed, status=failed: cannot read /proc',
    ]);
    expect((await show('1 all --agent db')).texts).toHaveLength(2);
    expect((await show('1.2 all')).texts).toEqual(['operation 1 (finder): nothing found']);
    expect((await show('1 all --operation 2')).texts).toEqual([]);
  });

  test('are sorted by a column and shown in chosen ones', async () => {
    expect((await show('1 sort size columns file,size')).texts).toEqual([
      'file       size',
      '/a\\x1b[2J  3',
      '/b         20',
    ]);
    expect((await show('1 sort -size columns size')).texts).toEqual(['size', '20', '3']);
    for (const format of ['table', 'json', 'jsonl', 'csv'])
      await expect(show(`1 columns file,szie --format ${format}`)).rejects.toMatchObject({ code: 'COMMAND_USAGE' });
    await expect(show('1 sort szie')).rejects.toMatchObject({
      code: 'COMMAND_USAGE',
      message: 'expected a column (agent, operation, module, file, size), got "szie": did you mean size?',
    });
  });

  test('as JSON are whole, in lines of their own, which a screen can show', async () => {
    const { texts } = await show('1 sort size columns file,size --format json');
    expect(texts.filter((text) => text.includes('\n'))).toEqual([]);
    expect(texts.slice(0, 5)).toEqual(['[', '  {', '    "file": "/a\\u001b[2J",', '    "size": 3', '  },']);
    expect(JSON.parse(texts.join('\n'))).toEqual([
      { file: '/a\u001b[2J', size: 3 },
      { file: '/b', size: 20 },
    ]);
  });

  test('are stacked: how many agents share each value of a column, the rarest first', async () => {
    expect((await show('4 stack file')).texts).toEqual([
      'file         agents  rows  on',
      '/odd\\x1b[2J  1       1     web-01',
      '/rare        1       2     db-01',
      '/usual       3       3     web-01, web-02, db-01',
    ]);
    expect((await show('4 stack file,size --format csv | grep usual')).texts).toEqual([
      'file,size,agents,rows,on',
      '/usual,2,1,1,db-01',
      '/usual,1,2,2,"web-01, web-02"',
    ]);
    expect((await show('4 stack file sort -rows columns file,rows | head 1')).texts).toEqual([
      'file    rows',
      '/usual  3',
    ]);
    expect((await show('4 stack agent --agent db')).texts[1]).toBe('db-01  1       3     db-01');
    expect((await show('3 stack file')).texts).toEqual([]);
    await expect(show('4 stack fiel')).rejects.toMatchObject({
      code: 'COMMAND_USAGE',
      message: 'expected a column (agent, operation, module, file, size), got "fiel": did you mean file?',
    });
    await expect(show('4 stack')).rejects.toMatchObject({
      message: 'stack: expected a value, got the end of the line',
    });
  });

  test('stand in a table that can be read, and name the columns it has no room for', async () => {
    const { texts } = await show('1 table', 24);
    expect(texts).toEqual([
      'agent   operation',
      'web-01  1',
      'web-01  1',
      'not shown: module, file, size ("columns A,B" chooses)',
    ]);
  });

  test('come in the formats of other programs, with the same filters', async () => {
    expect((await show('1 --format jsonl | grep /a')).texts).toEqual([
      '{"agent":"web-01","operation":1,"module":"finder","file":"/a\\u001b[2J","size":3}',
    ]);
    expect(JSON.parse((await show('1 --format json columns file')).texts.join('\n'))).toEqual([
      { file: '/b' },
      { file: '/a\x1b[2J' },
    ]);
    expect((await show('1 --format csv')).texts).toEqual([
      'agent,operation,module,file,size',
      'web-01,1,finder,/b,20',
      'web-01,1,finder,/a\\x1b[2J,3',
    ]);
    expect((await show('1 --format md | head 1')).texts).toEqual([
      '| agent | operation | module | file | size |',
      '| --- | --- | --- | --- | --- |',
      '| web-01 | 1 | finder | /b | 20 |',
    ]);
    expect((await show('1 --format csv | count')).texts).toEqual(['2']);
    expect((await show('1 notfound --format csv')).texts).toEqual([
      'agent,operation,module,status,error',
      'web-02,1,finder,success,',
      'db-01,1,finder,failed,cannot read /proc',
    ]);
  });

  test('of 100,000 findings come in pages', async () => {
    const { texts, largest } = await show('2');
    expect(texts).toHaveLength(total);
    expect(texts[77_777]).toBe('web-01 /usr/share/77777 size:77777');
    expect(largest).toBe(500);
    expect((await show('2 --format jsonl | count')).texts).toEqual([String(total)]);
    expect((await show('2 --limit 3')).texts).toHaveLength(3);
    expect((await show('2 sort -size columns size | head 1', 80)).texts).toEqual(['size', '99999']);
  });
});
