import { expect, test } from 'vitest';
import { noStatistics } from '../../../modules/memory/elements.ts';
import { enhancePrivacy } from '../../../modules/memory/enhance-privacy.ts';

test('folders and failures are masked; names of files, numbers and what was asked stay', () => {
  const search = { names: ['alice'], options: {} };
  const at = { address: '0x1', length: 1, region: '00000000-00001000', permissions: 'r--p' };
  const result = enhancePrivacy({
    foundanything: true,
    success: true,
    elements: {
      s1: [
        {
          process: { name: '/home/alice/bin/tool', pid: 5 },
          search,
          found: [
            {
              check: 'library',
              value: 'x',
              count: 2,
              at: [
                { ...at, path: '/home/alice/x.so' },
                { ...at, path: '[heap]' },
              ],
            },
          ],
        },
        { process: { name: '[kthreadd]', pid: 2 }, search },
        { process: { name: '', pid: 0 }, search },
      ],
      s2: null,
    },
    statistics: { ...noStatistics, failures: ['process 5 /home/alice/bin/tool: permission denied'] },
    errors: null,
  });
  expect(result).toMatchObject({
    foundanything: true,
    elements: {
      s1: [
        {
          process: { name: 'masked/tool', pid: 5 },
          search,
          found: [{ at: [{ path: 'masked/x.so' }, { path: '[heap]' }] }],
        },
        { process: { name: '[kthreadd]', pid: 2 } },
        { process: { name: '', pid: 0 } },
      ],
      s2: null,
    },
    statistics: { failures: ['masked'] },
  });
});
