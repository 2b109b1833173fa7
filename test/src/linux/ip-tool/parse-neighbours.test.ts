import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseNeighbours } from '../../../../src/linux/ip-tool/parse-neighbours.ts';

test('neighbours, one that never answered without a hardware address', () => {
  const text = JSON.stringify([
    { dst: 'fe80::1', dev: 'eth0', lladdr: '02:fc:00:00:00:05', router: null, state: ['REACHABLE'] },
    { dst: '2001:db8::7', dev: 'eth1', lladdr: '02:fc:00:00:00:06', state: ['STALE'] },
    { dst: 'fd00::1', dev: 'eth0', state: ['FAILED'] },
  ]);
  expect(parseNeighbours(text)).toEqual({
    neighbours: [
      { address: 'fe800000000000000000000000000001', mac: '02:fc:00:00:00:05', device: 'eth0', state: 'reachable' },
      { address: '20010db8000000000000000000000007', mac: '02:fc:00:00:00:06', device: 'eth1', state: 'stale' },
      { address: 'fd000000000000000000000000000001', mac: undefined, device: 'eth0', state: 'failed' },
    ],
    skipped: 0,
  });
});

test('entries that are not understood are counted', () => {
  const text = JSON.stringify([null, 7, {}, { dst: 'router' }, { dst: 3, lladdr: 4, dev: [], state: 'X' }]);
  expect(parseNeighbours(text)).toEqual({ neighbours: [], skipped: 5 });
});

test('odd states and devices do no harm', () => {
  const text = JSON.stringify([{ dst: '::1', lladdr: 'aa:bb', dev: {}, state: [{}] }]);
  expect(parseNeighbours(text)?.neighbours).toEqual([
    { address: '00000000000000000000000000000001', mac: 'aa:bb', device: '', state: undefined },
  ]);
});

test('no output is no neighbour', () => {
  expect(parseNeighbours('')).toEqual({ neighbours: [], skipped: 0 });
});

test.each(['fe80::1 dev eth0 lladdr 02:fc:00:00:00:05 REACHABLE', '{}', '[', 'null'])(
  '%j is not a list in JSON',
  (text) => {
    expect(parseNeighbours(text)).toBeUndefined();
  },
);

test('no text makes it throw', () => {
  fc.assert(fc.property(fc.oneof(fc.string(), fc.json()), (text) => void parseNeighbours(text)));
  fc.assert(fc.property(fc.array(fc.jsonValue()), (list) => void parseNeighbours(JSON.stringify(list))));
});
