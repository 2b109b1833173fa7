import { describe, expect, test } from 'vitest';
import { parseCommandLine } from '../../../src/console/global-flags.ts';
import { findModule } from '../../../modules/index.ts';
import { text, yesNo } from '../../../src/module/fields.ts';
import { defineModule } from '../../../src/module/define-module.ts';
import { flatParams } from '../../../src/module/params.ts';
import { z } from 'zod';

/** A module that has flags of the same name as global ones, as MIG's ping has. */
const ping = defineModule({
  name: 'ping',
  summary: 'x',
  platforms: ['linux'],
  examples: [],
  params: flatParams(
    z.object({
      d: text({ flag: 'd', description: 'destination', example: 'h' }),
      t: text({ flag: 't', description: 'timeout', example: '5' }),
      p: text({ flag: 'p', description: 'port', example: '80' }),
      verbose: yesNo({ flag: 'verbose', description: 'more', example: 'true' }),
    }),
  ),
  run: async () => ({ run: async () => ({ foundAnything: false, elements: {}, statistics: {}, errors: [] }) }),
  printResults: async () => ({ printResults: () => [], rows: () => [] }),
});

const parse = (...argv: readonly string[]) =>
  parseCommandLine(argv, (name) => (name === 'ping' ? ping : findModule(name)));

describe('a command line', () => {
  test('takes global flags before, between and behind those of the module', () => {
    for (const argv of [
      ['-t', 'local', 'file', '-path', '/etc', '-name', 'x'],
      ['file', '-t', 'local', '-path', '/etc', '-name', 'x'],
      ['file', '-path', '/etc', '-t=local', '-name', 'x'],
      ['file', '-path', '/etc', '-name', 'x', '--t', 'local'],
    ]) {
      const { flags, word, rest } = parse(...argv);
      expect({ target: flags.target, word, rest }).toEqual({
        target: 'local',
        word: 'file',
        rest: ['-path', '/etc', '-name', 'x'],
      });
    }
  });

  test('keeps the value of a flag behind an equals sign, and one that looks like a flag', () => {
    expect(parse('file', '-path=/etc', '-name', '-p').rest).toEqual(['-path=/etc', '-name', '-p']);
  });

  test('gives a flag that both know to the console before the first that only the module knows', () => {
    expect(parse('ping', '-t', 'local', '-d', 'host', '-t', '5', '-p', '80')).toMatchObject({
      flags: { target: 'local', printAction: false },
      rest: ['-d', 'host', '-t', '5', '-p', '80'],
    });
    expect(parse('ping', '-p', '-verbose', '-p', '80')).toMatchObject({
      flags: { printAction: true },
      rest: ['-verbose', '-p', '80'],
    });
  });

  test('leaves the words behind a command of the console to it', () => {
    expect(parse('results', '12', '--format', 'jsonl')).toMatchObject({
      word: 'results',
      rest: ['12', '--format', 'jsonl'],
    });
    expect(parse('actions', '--case', 'x7')).toMatchObject({ word: 'actions', rest: [], flags: { caseName: 'x7' } });
  });

  test('has values for everything that was not said', () => {
    expect(parse('file').flags).toEqual({
      target: undefined,
      periodMs: 300_000,
      name: undefined,
      show: 'found',
      format: 'text',
      printAction: false,
      compress: false,
      verbose: false,
      config: undefined,
      actionFile: undefined,
      caseName: 'default',
    });
    expect(parse('-i', 'a.json', '-e', '60s', '-z', '-v').flags).toMatchObject({
      actionFile: 'a.json',
      periodMs: 60_000,
      compress: true,
      verbose: true,
    });
  });

  test.each([
    [['-target-found', '12'], 'found(12)'],
    [['-target-notfound', '12', '-t', 'all'], 'notfound(12)'],
    [['-target-found', '12', '-t', 'tag:env=prod'], "found(12) AND (tags->>'env'='prod')"],
    [
      ['-t', "name LIKE 'w%'", '-target-found', '3', '-target-notfound', '4'],
      "found(3) AND notfound(4) AND (name LIKE 'w%')",
    ],
  ])('%j narrows the target by earlier answers', (flags, target) => {
    expect(parse('file', ...flags).flags.target).toBe(target);
  });

  test.each([
    [['-x', 'file'], 'COMMAND_USAGE', '-x is not a global flag: did you mean -t?'],
    [['file', '-t'], 'COMMAND_USAGE', '-t: expected a value, got the end of the line'],
    [['file', '-e', '60'], 'COMMAND_USAGE', '-e: expected a duration like 60s or 5m, got "60"'],
    [['file', '-show', 'some'], 'COMMAND_USAGE', '-show: expected found, notfound or all, got "some"'],
    [['file', '-target-found', 'x'], 'COMMAND_USAGE', '-target-found: expected the number of an action, got "x"'],
    [
      ['file', '-target-found', '3', '-t', 'web'],
      'COMMAND_USAGE',
      '-target-found and -target-notfound: expected -t all or a condition beside them, got "web"',
    ],
    [['file', '-s'], 'NOT_YET', '-s: sign an action: actions for agents of this console run without a signature'],
  ])('%j is refused', (argv, code, message) => {
    expect(() => parse(...argv)).toThrow(expect.objectContaining({ code, message }));
  });
});
