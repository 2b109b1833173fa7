import { expect, test } from 'vitest';
import { printResults, rows } from '../../../modules/pkg/print-results.ts';

const result = {
  foundanything: true,
  success: true,
  elements: {
    packages: [
      { name: 'bash', version: '5.2.15-2+b8', type: 'dpkg', arch: 'amd64' },
      {
        name: 'libssl3',
        version: '1:3.0-1',
        type: 'rpm',
        arch: 'x86_64',
        source: 'openssl',
        installed: '2026-09-22T04:45:13Z',
      },
      { name: 'held', version: '1', type: 'dpkg', arch: 'all', source: 'held', status: 'hold ok installed' },
    ],
  },
  statistics: { execruntime: '111.708928ms', examined: 3 },
  errors: ['something'],
} as const;

test("MIG's lines, and what MIG does not know behind them", () => {
  expect(printResults(result, { matchOnly: true }).map(({ text }) => text)).toEqual([
    'pkgmatch name=bash version=5.2.15-2+b8 type=dpkg arch=amd64',
    'pkgmatch name=libssl3 version=1:3.0-1 type=rpm arch=x86_64 source=openssl installed=2026-09-22T04:45:13Z',
    "pkgmatch name=held version=1 type=dpkg arch=all source=held status='hold ok installed'",
  ]);
});

test('errors and the run time follow when everything is shown', () => {
  expect(printResults(result, { matchOnly: false }).slice(3)).toEqual([
    { text: 'error: something', tone: 'error' },
    { text: 'Statistics: runtime 111.708928ms', tone: 'quiet' },
  ]);
});

test('rows have the same columns, empty where nothing is known', () => {
  expect(rows(result)).toHaveLength(3);
  expect(rows(result)[0]).toEqual({
    name: 'bash',
    version: '5.2.15-2+b8',
    type: 'dpkg',
    arch: 'amd64',
    source: '',
    installed: '',
    status: '',
  });
});
