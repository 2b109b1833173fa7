import { expect, test } from 'vitest';
import { params, type Params } from '../../../modules/lineage/params.ts';
import { paramsCreator } from '../../../modules/lineage/params-creator.ts';
import { runCreator } from '../../../src/module/ask.ts';
import { validateParameters } from '../../../src/module/params.ts';
import { createScriptedAnswerer, type ScriptedAnswer } from '../../helpers/scripted-answerer.ts';

const told = { files: true, args: true, limit: 1000 };

test.each<[string, readonly ScriptedAnswer[], Params]>([
  ['a process', ['process', '4242', 'both', 1000], { pids: ['4242'], ...told }],
  ['a name', ['name', '^ssh', 'ancestors', 50], { names: ['^ssh'], ancestors: true, ...told, limit: 50 }],
  [
    'a time below one',
    ['time', 'sshd', '14:00', '14:10', 1000],
    { under: 'sshd', from: '14:00', until: '14:10', ...told },
  ],
  ['the last hour', ['time', '', '', 1000], { from: '1h', ...told }],
  ['failures', ['failed', '', '10m', '', '', 1000], { from: '10m', failed: true, ...told }],
  ['a signal', ['failed', '', '', 'KILL', 1000], { exited: ['KILL'], ...told }],
  ['a file', ['file', '/etc/', ['created'], '', 1000], { wrote: '/etc/', changes: ['created'], ...told }],
  ['a moment', ['moment', '14:03', '', 1000], { at: '14:03', ...told }],
  ['gaps', ['gaps', ''], { gaps: true }],
  ['the state', ['status'], { status: true }],
])('questions lead to %s', async (_, answers, expected) => {
  const made = await runCreator(paramsCreator, createScriptedAnswerer(answers));
  expect(made).toEqual(expected);
  expect(validateParameters(params, made)).toMatchObject(expected);
});

test('a wrong answer is asked again, with what is wrong with it', async () => {
  const answerer = createScriptedAnswerer(['process', 'sshd', '4242', 'descendants', 20_001, 1000]);
  expect(await runCreator(paramsCreator, answerer)).toEqual({ pids: ['4242'], descendants: true, ...told });
  expect(answerer.notes).toEqual([
    'expected the number of a process, 1 to 4194304, got "sshd"',
    'expected a whole number from 1 to 20000, got "20001"',
  ]);
});

test('an end before the beginning is asked again, where the clock of the endpoint is not needed to know it', async () => {
  const answerer = createScriptedAnswerer(['time', '', '10m', '20m', '5m', 1000]);
  expect(await runCreator(paramsCreator, answerer)).toEqual({ from: '10m', until: '5m', ...told });
  expect(answerer.notes).toEqual(['expected "until" after "from", got from 10m until 20m']);
});

test.each<[Params, readonly ScriptedAnswer[], Params]>([
  [
    { names: ['ssh', 'sudo'], from: '10m', users: ['ann'], files: false },
    ['name', 'ssh', 'both', 50],
    { names: ['ssh', 'sudo'], from: '10m', users: ['ann'], files: false, args: true, limit: 50 },
  ],
  [{ names: ['ssh', 'sudo'], depth: 2 }, ['name', 'su', 'both', 50], { names: ['su'], depth: 2, ...told, limit: 50 }],
  [{ ids: ['5f0c'], from: '10m' }, ['process', '7', 'both', 50], { pids: ['7'], from: '10m', ...told, limit: 50 }],
  [{ names: ['ssh'], from: '10m' }, ['process', '7', 'both', 50], { pids: ['7'], ...told, limit: 50 }],
  [
    { under: 'sshd', from: '1h', users: ['0'] },
    ['time', '', '2h', '', 9],
    { from: '2h', users: ['0'], ...told, limit: 9 },
  ],
  [{ gaps: true, status: true, from: '1h' }, ['gaps', ''], { gaps: true, status: true }],
])('an edit of %j keeps what it does not ask about', async (previous, answers, expected) => {
  expect(await runCreator(paramsCreator, createScriptedAnswerer(answers), previous)).toEqual(expected);
});

test.each<[Params, string]>([
  [{ names: ['sshd'] }, 'name'],
  [{ wrote: '/etc/' }, 'file'],
  [{ under: 'sshd' }, 'time'],
  [{ failed: true }, 'failed'],
  [{ at: '10m' }, 'moment'],
  [{ status: true }, 'status'],
])('an edit of %j begins with its own question', async (previous, kind) => {
  const answerer = createScriptedAnswerer([{ kind: 'cancel' }]);
  await expect(runCreator(paramsCreator, answerer, previous)).rejects.toThrow('the questions were left');
  expect(answerer.asked[0]).toMatchObject({ initial: kind });
});
