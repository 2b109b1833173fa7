import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseInterfaces } from '../../../../src/linux/ip-tool/parse-interfaces.ts';

test('interfaces with their MAC and addresses, up or down', () => {
  const text = JSON.stringify([
    {
      ifname: 'lo',
      link_type: 'loopback',
      address: '00:00:00:00:00:00',
      addr_info: [
        { family: 'inet', local: '127.0.0.1', prefixlen: 8 },
        { family: 'inet6', local: '::1' },
      ],
    },
    { ifname: 'eth0', operstate: 'DOWN', address: '02:fc:00:00:00:01', addr_info: [{ local: '192.0.2.2' }] },
    { ifname: 'tun0', address: '192.0.2.9', addr_info: [] },
  ]);
  expect(parseInterfaces(text)).toEqual([
    { name: 'lo', mac: undefined, addresses: ['7f000001', '00000000000000000000000000000001'] },
    { name: 'eth0', mac: '02:fc:00:00:00:01', addresses: ['c0000202'] },
    { name: 'tun0', mac: undefined, addresses: [] },
  ]);
});

test('entries that are not understood are left out', () => {
  const text = JSON.stringify([null, {}, { ifname: 'x', address: 7, addr_info: [null, { local: 'here' }, 5] }]);
  expect(parseInterfaces(text)).toEqual([{ name: 'x', mac: undefined, addresses: [] }]);
});

test('no text makes it throw', () => {
  fc.assert(fc.property(fc.oneof(fc.string(), fc.json()), (text) => void parseInterfaces(text)));
  fc.assert(fc.property(fc.array(fc.jsonValue()), (list) => void parseInterfaces(JSON.stringify(list))));
});
