import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatOutcome, parseOutcome } from '../../../modules/agentdestroy/elements.ts';
import { agentdestroy } from '../../../modules/agentdestroy/index.ts';
import { parseStat } from '../../../src/linux/proc/parse-stat.ts';
import { printResults, rows } from '../../../modules/agentdestroy/print-results.ts';
import { validateParameters } from '../../../src/module/params.ts';
import { statText } from './fake-agents.ts';

const validate = (parameters: unknown): unknown => validateParameters(agentdestroy.params, parameters);

describe('parameters', () => {
  test.each([
    [{}, 'pid: expected a process id, got nothing; version: expected the version of the agent, got nothing'],
    [{ pid: 1, version: 'x' }, 'pid: expected a whole number from 2 to 4194304, got 1'],
    [{ pid: 0, version: 'x' }, 'pid: expected a whole number from 2 to 4194304, got 0'],
    [{ pid: -5, version: 'x' }, 'got -5'],
    [{ pid: 4_194_305, version: 'x' }, 'got 4194305'],
    [{ pid: 70_000, version: '' }, 'version: expected a version of letters, digits and . _ + -, got ""'],
    [{ pid: 70_000, version: 'a b' }, 'version: expected'],
    [{ pid: 70_000 }, 'version: expected the version of the agent, got nothing'],
  ])('%j are refused', (parameters, message) => {
    expect(() => validate(parameters)).toThrow(message);
  });

  test('a process id above 65535 is accepted, unlike in MIG', () => {
    expect(validate({ pid: 70_000, version: 'b9536d2-201403031435' })).toEqual({
      pid: 70_000,
      version: 'b9536d2-201403031435',
    });
  });
});

describe('results', () => {
  const done = { pid: 7, version: '0.1.0', isKilled: true, removed: '/opt/a b' };

  test("MIG's sentence is written and read back", () => {
    expect(formatOutcome(done)).toBe('PID 7 from agent 0.1.0 has been killed and its executable removed from /opt/a b');
    for (const outcome of [done, { ...done, removed: undefined }, { ...done, isKilled: false }])
      expect(parseOutcome(formatOutcome(outcome))).toEqual(outcome);
    expect(parseOutcome({ any: 'thing' })).toBeUndefined();
  });

  test("MIG's lines are printed, and a row", () => {
    const result = {
      foundanything: true,
      success: true,
      elements: formatOutcome(done),
      statistics: null,
      errors: ['late'],
    };
    expect(printResults(result, { matchOnly: false }).map(({ text }) => text)).toEqual([
      'PID 7 from agent 0.1.0 has been killed and its executable removed from /opt/a b',
      '[error] late',
      'agentdestroy module has succeeded',
    ]);
    expect(printResults(result, { matchOnly: true })).toHaveLength(1);
    expect(rows(result)).toEqual([{ pid: 7, version: '0.1.0', killed: true, executable: '/opt/a b' }]);
  });

  test('a refusal is printed with its reason', () => {
    const result = {
      foundanything: false,
      success: false,
      elements: null as unknown as string,
      statistics: null,
      errors: ['no'],
    };
    expect(printResults(result, { matchOnly: false }).map(({ text }) => text)).toEqual([
      '[error] no',
      'agentdestroy module has failed',
    ]);
  });
});

describe('/proc/PID/stat', () => {
  test('is read whatever the name of the process', () => {
    expect(parseStat(statText(7, { parent: 3, startTicks: 12345 }))).toEqual({
      state: 'S',
      parent: 3,
      isKernelThread: false,
      startTicks: 12345,
    });
    expect(parseStat('7 (x')).toBeUndefined();
  });

  test('any text is read or refused', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        const text = Buffer.from(bytes).toString('latin1');
        const stat = parseStat(`1 (x) S ${text}`);
        expect(stat === undefined || stat.startTicks >= 0).toBe(true);
        parseStat(text);
      }),
    );
  });
});
