import fc from 'fast-check';
import { expect, test } from 'vitest';
import { judge } from '../../../modules/timedrift/judge.ts';

const at = (offsetMs: number, errorMs = 10) => ({ offsetMs, errorMs });

test.each([
  ['nobody answered', [], { verdict: 'unknown', driftMs: undefined, agrees: [] }],
  ['one, inside', [at(900)], { verdict: 'within', driftMs: -900, agrees: [true] }],
  ['one, at the bound', [at(-1000)], { verdict: 'within', driftMs: 1000, agrees: [true] }],
  ['one, beyond', [at(-1001)], { verdict: 'outside', driftMs: 1001, agrees: [true] }],
  ['two of three agree', [at(5), at(9000), at(-5)], { verdict: 'within', driftMs: -0, agrees: [true, false, true] }],
  [
    'two of three agree beyond',
    [at(0), at(9000), at(9004)],
    { verdict: 'outside', driftMs: -9002, agrees: [false, true, true] },
  ],
  ['two that disagree, both inside', [at(100), at(-100)], { verdict: 'within', driftMs: -0, agrees: [true, true] }],
  [
    'two that disagree, both beyond on one side',
    [at(2000), at(5000)],
    { verdict: 'outside', driftMs: -3500, agrees: [true, true] },
  ],
  [
    'two that disagree, beyond on both sides',
    [at(2000), at(-2000)],
    { verdict: 'unknown', driftMs: undefined, agrees: [true, true] },
  ],
  ['one in, one out', [at(0), at(-2000)], { verdict: 'unknown', driftMs: undefined, agrees: [true, true] }],
])('%s', (_, samples, judgement) => {
  expect(judge(samples, 1000)).toEqual(judgement);
});

test('the order of the servers does not matter, and a majority that agrees exactly always wins', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: -10_000, max: 10_000 }),
      fc.integer({ min: 1, max: 8 }),
      fc.array(fc.integer({ min: -1e9, max: 1e9 }), { maxLength: 7 }),
      (truth, majority, others) => {
        const right = Array.from({ length: Math.max(majority, others.length + 1) }, () => at(truth, 1));
        const samples = [...right, ...others.map((offset) => at(offset, 1))];
        const judged = judge(samples, 1000);
        expect(judged.verdict).toBe(Math.abs(judged.driftMs ?? 0) <= 1000 ? 'within' : 'outside');
        expect(Math.abs((judged.driftMs ?? 0) + truth)).toBeLessThanOrEqual(2);
        expect(judge(samples.toReversed(), 1000).verdict).toBe(judged.verdict);
      },
    ),
  );
});
