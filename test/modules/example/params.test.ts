import { expect, test } from 'vitest';
import { example } from '../../../modules/example/index.ts';
import { parseParams } from '../../../src/module/flags.ts';
import { validateParameters } from '../../../src/module/params.ts';

const { params } = example;

test('flags become parameters', () => {
  expect(parseParams(params, ['-gethostname', '-lookuphost', 'a.example', '-lookuphost=b.example'])).toEqual({
    gethostname: true,
    lookuphost: ['a.example', 'b.example'],
  });
});

test.each([['localhost'], ['a.b.example.'], ['xn--bcher-kva.example'], ['1st.example'], ['x'.repeat(63)]])(
  '%j is a host name',
  (name) => {
    expect(validateParameters(params, { lookuphost: [name] })).toEqual({ lookuphost: [name] });
  },
);

test.each([
  [''],
  ['127.0.0.1'],
  ['::1'],
  ['-a'],
  ['a-'],
  ['a..b'],
  ['a b'],
  ['a;b'],
  ['x'.repeat(64)],
  ['a.'.repeat(127)],
])('%j is none: PARAMETERS_INVALID says what was expected', (name) => {
  expect(() => validateParameters(params, { lookuphost: [name] })).toThrow(
    expect.objectContaining({
      code: 'PARAMETERS_INVALID',
      message: `lookuphost.0: expected a host name such as www.example.net, got ${JSON.stringify(name)}`,
    }),
  );
});
