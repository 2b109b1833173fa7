import { expect, test } from 'vitest';
import { netstat } from '../../../modules/netstat/index.ts';
import { runModule } from '../../../src/module/run-module.ts';
import { createRunContext } from '../../helpers/run-context.ts';

/** The netstat operations of MIG's own action files: example_v2, integration_tests, shellshock_iocs (shortened, its duplicate kept). */
const operations = [
  {
    connectedip: ['173.194.0.0/16'],
    listeningport: ['631'],
    localip: ['172.21.0.0/24'],
    localmac: ['^8c:70:'],
    neighborip: ['172.21.0.6'],
    neighbormac: ['30:05:5c:00:80:3a'],
  },
  {
    connectedip: ['0.0.0.0/0'],
    listeningport: ['22'],
    localip: ['0.0.0.0/0'],
    localmac: ['^[0-9a-f]'],
    neighborip: ['0.0.0.0/0'],
    neighbormac: ['^[0-9a-f]'],
  },
  { connectedip: ['166.78.61.142', '2.0.1.5', '166.78.61.142'] },
];

test.each(operations)("MIG's operation %j runs and answers each query", async (parameters) => {
  const result = await runModule(netstat, parameters, createRunContext());
  expect(result).toMatchObject({ success: true, statistics: { totalhits: expect.any(Number) } });
  const answered = Object.entries(result.elements as object).map(([kind, queries]) => [
    kind,
    Object.keys(queries as object),
  ]);
  const asked = Object.entries(parameters).map(([kind, queries]) => [kind, [...new Set(queries)]]);
  expect(Object.fromEntries(answered)).toEqual(Object.fromEntries(asked));
});
