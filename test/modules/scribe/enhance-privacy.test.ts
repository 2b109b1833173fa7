import { expect, test } from 'vitest';
import { enhancePrivacy } from '../../../modules/scribe/enhance-privacy.ts';

const result = {
  testid: 't',
  name: 'n',
  description: 'd',
  iserror: false,
  error: '',
  masterresult: true,
  hastrueresults: true,
  results: [{ result: true, identifier: '/home/alice/x' }],
};
const statistics = { execruntime: '1ms', tests: 1, packages: 0, files: 1 };

test('identifiers and errors that name files are masked, what holds stays', () => {
  expect(
    enhancePrivacy({
      foundanything: true,
      success: true,
      elements: { results: [result, { ...result, results: null }], humanoutput: true, jsonoutput: false },
      statistics,
      errors: [
        'Error: no object in "a/t"',
        'warning: object "o" twice',
        'stopped',
        'ERROR: open /home/alice/y: permission denied',
      ],
    }),
  ).toEqual({
    foundanything: true,
    success: true,
    elements: {
      results: [
        { ...result, results: [{ result: true, identifier: 'masked' }] },
        { ...result, results: null },
      ],
      humanoutput: true,
      jsonoutput: false,
    },
    statistics,
    errors: ['Error: no object in "a/t"', 'warning: object "o" twice', 'stopped', 'masked'],
  });
});

test('a failed run stays as it is', () => {
  const failed = { foundanything: false, success: false, elements: null, statistics: null, errors: null };
  expect(enhancePrivacy(failed)).toEqual(failed);
});
