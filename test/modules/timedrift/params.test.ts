import { expect, test } from 'vitest';
import { timedrift } from '../../../modules/timedrift/index.ts';
import { paramsCreator } from '../../../modules/timedrift/params-creator.ts';
import { parseServerName } from '../../../modules/timedrift/server-name.ts';
import { runCreator } from '../../../src/module/ask.ts';
import { parseParams } from '../../../src/module/flags.ts';
import { validateParameters } from '../../../src/module/params.ts';
import { createScriptedAnswerer } from '../../helpers/scripted-answerer.ts';

const { params } = timedrift;

test('flags become parameters', () => {
  expect(parseParams(params, [])).toEqual({ timeout: 5 });
  expect(
    parseParams(params, ['-drift', '1m30s', '-server', 'a.example', '-server=[::1]:1123', '-timeout', '0.5']),
  ).toEqual({
    drift: '1m30s',
    servers: ['a.example', '[::1]:1123'],
    timeout: 0.5,
  });
});

test.each([['abc'], ['5'], ['-5s'], ['5 s'], ['5s;']])('%j is no drift', (drift) => {
  expect(() => validateParameters(params, { drift })).toThrow(
    `drift: expected a duration such as 5s, 250ms or 1m30s, or nothing, got ${JSON.stringify(drift)}`,
  );
});

test.each([
  ['time.example.net', { host: 'time.example.net', port: 123 }],
  ['192.0.2.7:1123', { host: '192.0.2.7', port: 1123 }],
  ['::1', { host: '::1', port: 123 }],
  ['[fe80::1%eth0]:9', { host: 'fe80::1%eth0', port: 9 }],
  ['[::1]', { host: '::1', port: 123 }],
])('%s is a server', (text, server) => {
  expect(parseServerName(text)).toEqual(server);
});

test.each([[''], ['a b'], ['a:0'], ['a:65536'], ['a:b'], ['[a]:1'], ['http://a'], ['-a']])(
  '%j is no server',
  (text) => {
    expect(() => validateParameters(params, { servers: [text] })).toThrow('servers.0: expected a server such as');
  },
);

test('the local time takes one question, a comparison some more, wrong answers are asked for again', async () => {
  expect(await runCreator(paramsCreator, createScriptedAnswerer(['']))).toEqual({ drift: '' });
  const answerer = createScriptedAnswerer(['5 seconds', '5s', 'a b', 'a.example', '', 2.5]);
  expect(await runCreator(paramsCreator, answerer)).toEqual({ drift: '5s', servers: ['a.example'], timeout: 2.5 });
  expect(answerer.notes).toEqual([
    'expected a duration such as 5s, 250ms or 1m30s, or nothing, got "5 seconds"',
    'expected a server such as time.example.net, 192.0.2.7:123 or [2001:db8::1]:123, got "a b"',
  ]);
});

test('an edit starts from what was given', async () => {
  const answerer = createScriptedAnswerer(['1s', '', 5]);
  const previous = { drift: '5s', servers: ['a.example'], timeout: 2 };
  expect(await runCreator(paramsCreator, answerer, previous)).toEqual({ drift: '1s', timeout: 5 });
  expect(answerer.asked.map(({ initial }) => initial)).toEqual(['5s', 'a.example', 2]);
});
