import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { runCreator } from '../../../src/module/ask.ts';
import { createParamsFromFields } from '../../../src/module/create-params.ts';
import { number, text, textList, yesNo } from '../../../src/module/fields.ts';
import { flatParams, labelledParams, type Params } from '../../../src/module/params.ts';
import { back, cancel, createScriptedAnswerer, type ScriptedAnswer } from '../../helpers/scripted-answerer.ts';

const search = z.object({
  paths: textList({ flag: 'path', description: 'where to look', example: '/etc', required: true }),
  names: textList({
    flag: 'name',
    description: 'the name matches',
    example: '^passwd$',
    check: (typed) => (typed === '[' ? 'expected a regular expression, got "["' : undefined),
  }),
  options: z.object({
    maxdepth: number({ flag: 'maxdepth', description: 'levels', example: '3', unit: 'directories', initial: 1000 }),
    matchall: yesNo({
      flag: 'matchall',
      description: 'all conditions',
      example: 'true',
      initial: true,
      opposite: { flag: 'matchany', description: 'any condition' },
    }),
  }),
});
const labelled = labelledParams(search, {
  label: 's1',
  checkLabel: (label) => (/^\w{1,8}$/.test(label) ? undefined : 'expected a label of letters'),
});
const flat = flatParams(search);

const create = async (params: Params<unknown>, answers: readonly ScriptedAnswer[], previous?: unknown) => {
  const answerer = createScriptedAnswerer(answers);
  return { params: await runCreator(createParamsFromFields(params), answerer, previous), answerer };
};

describe('questions made from fields', () => {
  test('ask what is required, then a menu until done', async () => {
    const { params } = await create(flat, ['/etc', 'name', '^passwd$', 'maxdepth', 3, 'done']);
    expect(params).toEqual({ paths: ['/etc'], names: ['^passwd$'], options: { maxdepth: 3, matchall: true } });
  });

  test('end after the last required value where there is nothing else to ask', async () => {
    const params = flatParams(
      z.object({ string: text({ flag: 'echo', description: 'the text', example: 'x', required: true }) }),
    );
    const made = await create(params, ['hello']);
    expect(made.params).toEqual({ string: 'hello' });
    expect(made.answerer.asked).toHaveLength(1);
  });

  test('start from the same defaults as the flags', async () => {
    const { params } = await create(flat, ['/etc', 'done']);
    expect(params).toEqual({ paths: ['/etc'], options: { maxdepth: 1000, matchall: true } });
  });

  test('say what is wrong with a value and take the corrected one', async () => {
    const { params, answerer } = await create(flat, ['/etc', 'name', '[', '^shadow$', 'done']);
    expect(answerer.notes).toContain('expected a regular expression, got "["');
    expect(params).toMatchObject({ names: ['^shadow$'] });
  });

  test('take a value back and ask for it again with what was typed before', async () => {
    const { params, answerer } = await create(flat, ['/etcc', back, '/etc', 'done']);
    expect(params).toMatchObject({ paths: ['/etc'] });
    expect(answerer.asked.map(({ initial }) => initial)).toEqual([undefined, 'done', '/etcc', 'done']);
  });

  test('propose later answers again when several were taken back', async () => {
    const { params, answerer } = await create(labelled, ['s1', '/etc', back, back, 's1', '/etc', 'done', 'done']);
    expect(params).toMatchObject({ searches: { s1: { paths: ['/etc'] } } });
    expect(answerer.asked.map(({ initial }) => initial)).toEqual([
      's1',
      undefined,
      'done',
      '/etc',
      's1',
      '/etc',
      'done',
      'done',
    ]);
  });

  test('keep the investigator at the first question when there is nothing to go back to', async () => {
    const { answerer } = await create(flat, [back, '/etc', 'done']);
    expect(answerer.notes).toEqual(['this is the first question: Ctrl-C leaves']);
  });

  test('change and remove values that were given', async () => {
    const answers = [
      '/etc',
      'path',
      '/tmp',
      'name',
      'a',
      'change',
      '2. path /tmp',
      '/var',
      'remove',
      '3. name a',
      'done',
    ];
    const { params } = await create(flat, answers);
    expect(params).toEqual({ paths: ['/etc', '/var'], options: { maxdepth: 1000, matchall: true } });
  });

  test('switch a field off by its opposite', async () => {
    const { params } = await create(flat, ['/etc', 'matchany', 'done']);
    expect(params).toMatchObject({ options: { matchall: false } });
  });

  test('list the values on demand', async () => {
    const { answerer } = await create(flat, ['/etc', 'show', 'done']);
    expect(answerer.notes).toEqual(['path      /etc', 'maxdepth  1000 directories', 'matchall  true']);
  });

  test('leave with an error that means cancelled, whatever was answered before', async () => {
    await expect(create(flat, ['/etc', cancel])).rejects.toMatchObject({ code: 'QUESTION_CANCELLED' });
  });

  test('take several labelled searches', async () => {
    const answers = ['s1', '/etc', 'done', 'another', 's2', '/tmp', 'name', 'x', 'done', 'done'];
    const { params } = await create(labelled, answers);
    expect(params).toMatchObject({ searches: { s1: { paths: ['/etc'] }, s2: { paths: ['/tmp'], names: ['x'] } } });
  });

  test('offer the next free label and replace a taken one only on a yes', async () => {
    const { params, answerer } = await create(labelled, ['s1', '/etc', 'done', 'another', 's1', false, 'done']);
    expect(params).toMatchObject({ searches: { s1: { paths: ['/etc'] } } });
    expect(answerer.asked.filter(({ kind }) => kind === 'text').map(({ initial }) => initial)).toEqual([
      's1',
      undefined,
      's2',
    ]);
  });

  test('edit present parameters without asking again for what is there', async () => {
    const previous = { searches: { s1: { paths: ['/etc'], options: { maxdepth: 2 } } } };
    const { params } = await create(labelled, ['edit', 'name', 'x', 'done', 'done'], previous);
    expect(params).toEqual({ searches: { s1: { paths: ['/etc'], names: ['x'], options: { maxdepth: 2 } } } });
  });
});
