import { expect, test } from 'vitest';
import { paramsCreator } from '../../../modules/example/params-creator.ts';
import { runCreator } from '../../../src/module/ask.ts';
import { back, cancel, createScriptedAnswerer } from '../../helpers/scripted-answerer.ts';

test('what is chosen and the names typed become parameters', async () => {
  const answerer = createScriptedAnswerer([['hostname', 'addresses'], 'a.example', 'b.example', '']);
  expect(await runCreator(paramsCreator, answerer)).toEqual({
    gethostname: true,
    getaddresses: true,
    lookuphost: ['a.example', 'b.example'],
  });
});

test('without names there is no key for them', async () => {
  expect(await runCreator(paramsCreator, createScriptedAnswerer([['hostname'], '']))).toEqual({
    gethostname: true,
    getaddresses: false,
  });
});

test('a wrong name is asked for again', async () => {
  const answerer = createScriptedAnswerer([['hostname'], 'not a name', 'a.example', '']);
  expect(await runCreator(paramsCreator, answerer)).toMatchObject({ lookuphost: ['a.example'] });
  expect(answerer.notes).toEqual(['expected a host name such as www.example.net, got "not a name"']);
});

test('a question taken back is asked again with its answer', async () => {
  const answerer = createScriptedAnswerer([['hostname'], 'wrong.example', back, 'right.example', '']);
  expect(await runCreator(paramsCreator, answerer)).toMatchObject({ lookuphost: ['right.example'] });
  expect(answerer.asked[3]).toMatchObject({ initial: 'wrong.example' });
});

test('an edit starts from what was given', async () => {
  const answerer = createScriptedAnswerer([[], '']);
  const previous = { gethostname: true, getaddresses: true, lookuphost: ['a.example'] };
  expect(await runCreator(paramsCreator, answerer, previous)).toEqual({ gethostname: false, getaddresses: false });
  expect(answerer.asked.map(({ initial }) => initial)).toEqual([['hostname', 'addresses'], 'a.example']);
});

test('leaving is QUESTION_CANCELLED', async () => {
  await expect(runCreator(paramsCreator, createScriptedAnswerer([cancel]))).rejects.toMatchObject({
    code: 'QUESTION_CANCELLED',
  });
});
