import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { runCreator } from '../../../src/module/ask.ts';
import { createParamsFromFields } from '../../../src/module/create-params.ts';
import { parsedText, text, textList, yesNo } from '../../../src/module/fields.ts';
import { namesFile, readFlagFiles } from '../../../src/module/file-flags.ts';
import { flagNames, formatFlags, parseParams } from '../../../src/module/flags.ts';
import { flatParams } from '../../../src/module/params.ts';
import { back, createScriptedAnswerer, type ScriptedAnswer } from '../../helpers/scripted-answerer.ts';

const params = flatParams(
  z.object({
    rules: text({
      flag: 'text',
      word: 'text',
      description: 'the rules',
      example: 'a rule',
      required: true,
      fromFile: { flag: 'rules', description: 'the rules in this file' },
      check: (rules) => (rules.includes('bad') ? 'expected good rules' : undefined),
    }),
    paths: textList({ flag: 'path', description: 'where', example: '/etc' }),
    deep: yesNo({ flag: 'deep', description: 'deep', example: 'true' }),
  }),
);
const { fields } = params;

const files: Readonly<Record<string, string>> = { good: 'rule a\nrule b', bad: 'bad', empty: '' };
const readTextFile = async (path: string): Promise<string> => {
  const content = files[path];
  if (content === undefined) throw new Error(`expected a text file, got ${path}`);
  return content;
};
const parse = async (words: readonly string[]): Promise<unknown> =>
  parseParams(params, await readFlagFiles(fields, words, readTextFile));

describe('a flag whose value is a file', () => {
  test.each([
    [['-rules', 'good', '-path', '/a'], { rules: 'rule a\nrule b', paths: ['/a'] }],
    [['-deep', '--rules=good'], { rules: 'rule a\nrule b', deep: true }],
    [['-path', '-rules', '-rules', 'good'], { rules: 'rule a\nrule b', paths: ['-rules'] }],
    [['-text', 'typed', '-path', 'good'], { rules: 'typed', paths: ['good'] }],
    [['-text', 'typed', '-rules', 'good'], { rules: 'rule a\nrule b' }],
  ])('%j gives what is in the file', async (words, expected) => {
    expect(await parse(words)).toEqual(expected);
  });

  test.each([
    [['-rules', 'none'], 'expected a text file, got none'],
    [['-rules', 'bad'], '-rules bad: expected good rules'],
    [['-rules', 'empty'], '-rules empty: the file is empty'],
    [['-rules'], "-rules: expected a file of the console's host, which was not read"],
    [['-path', '/a'], "-text: expected a value, got none (example: -text 'a rule', or -rules FILE)"],
  ])('%j is refused', async (words, message) => {
    await expect(parse(words)).rejects.toThrow(message);
  });

  test('is a flag among the others, and is told apart from values', () => {
    expect(flagNames(fields)).toEqual(['text', 'rules', 'path', 'deep']);
    expect(namesFile(fields, ['-rules', 'x'])).toBe(true);
    expect(namesFile(fields, ['-path', '-rules'])).toBe(false);
  });

  test('is shown again as the value that it gave', async () => {
    const parameters = await parse(['-rules', 'good']);
    const shown = formatFlags(fields, parameters as Record<string, unknown>);
    expect(shown).toBe("-text 'rule a\nrule b'");
  });
});

describe('questions', () => {
  const create = async (answers: readonly ScriptedAnswer[]) => {
    const answerer = createScriptedAnswerer(answers);
    const created = await runCreator(createParamsFromFields(params), answerer, undefined, readTextFile);
    return { created, answerer };
  };

  test('ask for the file, say what is wrong with it, and take another one', async () => {
    const { created, answerer } = await create(['rules', 'none', 'bad', 'empty', 'good', 'done']);
    expect(created).toEqual({ rules: 'rule a\nrule b' });
    expect(answerer.notes).toEqual(['expected a text file, got none', 'expected good rules', 'the file is empty']);
    expect(answerer.asked.map(({ initial }) => initial)).toEqual(['rules', undefined, 'none', 'bad', 'empty', 'done']);
  });

  test('let the text be typed as well', async () => {
    expect((await create(['text', 'typed', 'done'])).created).toEqual({ rules: 'typed' });
  });

  test('take another file in the menu', async () => {
    expect((await create(['text', 'typed', 'rules', 'good', 'done'])).created).toEqual({ rules: 'rule a\nrule b' });
  });

  test('propose the path again when it is taken back', async () => {
    const { created, answerer } = await create(['rules', 'good', 'path', back, back, 'good', 'done']);
    expect(created).toEqual({ rules: 'rule a\nrule b' });
    expect(answerer.asked.map(({ initial }) => initial)).toEqual([
      'rules',
      undefined,
      'done',
      undefined,
      'path',
      'good',
      'path',
    ]);
  });

  test('show the first line of a long text', async () => {
    const { answerer } = await create(['rules', 'good', 'show', 'done']);
    expect(answerer.notes).toEqual(['text  rule a ... (2 lines, 13 characters)']);
  });
});

describe('a value that is written in another way in files, and travels as an object', () => {
  const point = flatParams(
    z.object({
      at: parsedText({
        flag: 'point',
        description: 'a point, as JSON',
        example: '[1,2]',
        required: true,
        fromFile: { flag: 'file', description: 'a point in this file', convert },
        check: (typed) => (typed.startsWith('[') ? undefined : 'expected a list'),
        parse: (typed) => ({ point: JSON.parse(typed) as unknown }),
        schema: z.object({ point: z.array(z.number()) }),
      }),
    }),
  );
  async function convert(content: string): Promise<string> {
    if (content === '') throw new Error('expected numbers, got nothing');
    return `[${content.replace(' ', ',')}]`;
  }
  const read = async (path: string): Promise<string> => (path === 'empty' ? '' : '3 4');
  const parsePoint = async (words: readonly string[]): Promise<unknown> =>
    parseParams(point, await readFlagFiles(point.fields, words, read));

  test('is converted when it comes from a file', async () => {
    expect(await parsePoint(['-point', '[1,2]'])).toEqual({ at: { point: [1, 2] } });
    expect(await parsePoint(['-file', 'some'])).toEqual({ at: { point: [3, 4] } });
    await expect(parsePoint(['-file', 'empty'])).rejects.toThrow('-file empty: expected numbers, got nothing');
    await expect(parsePoint(['-point', '1'])).rejects.toThrow('-point: expected a list');
  });

  test('is shown as JSON', () => {
    expect(formatFlags(point.fields, { at: { point: [1, 2] } })).toBe(`-point '{"point":[1,2]}'`);
  });

  test('is asked for with the same checks', async () => {
    const answerer = createScriptedAnswerer(['file', 'empty', 'some', 'done']);
    expect(await runCreator(createParamsFromFields(point), answerer, undefined, read)).toEqual({
      at: { point: [3, 4] },
    });
    expect(answerer.notes).toEqual(['expected numbers, got nothing']);
  });
});
