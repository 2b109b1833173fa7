import { expect, test } from 'vitest';
import { enhancePrivacy } from '../../../modules/netstat/enhance-privacy.ts';
import type { Elements } from '../../../modules/netstat/elements.ts';

const statistics = { examined: 1, exectime: '1ms', totalhits: 3 };
const maskedElements = (elements: Elements): unknown =>
  enhancePrivacy({ foundanything: true, success: true, elements, statistics, errors: null }).elements;

const owner = { pid: 812, process: 'sshd', user: 'alice' };
const socket = { localport: 22, namespace: 'default', protocol: 'tcp' } as const;

test('of a connection both addresses and the users are masked, ports and processes stay', () => {
  expect(
    maskedElements({
      connectedip: {
        '0.0.0.0/0': [{ ...socket, localaddr: '10.0.0.2', remoteaddr: '198.51.100.9', remoteport: 443, ...owner }],
        '10.0.0.0/8': null,
      },
    }),
  ).toEqual({
    connectedip: {
      '0.0.0.0/0': [
        { ...socket, localaddr: 'masked', remoteaddr: 'masked', remoteport: 443, ...owner, user: 'masked' },
      ],
      '10.0.0.0/8': null,
    },
  });
});

test('whether a port is open to the network stays: addresses that every host has are not masked', () => {
  expect(
    maskedElements({
      listeningport: {
        '22': ['0.0.0.0', '::', '127.0.0.53', '::1', '192.0.2.2', '2001:db8::2'].map((localaddr) => ({
          ...socket,
          localaddr,
        })),
        '23': [{ ...socket, localaddr: '::', ...owner, sharedwith: [{ ...owner, pid: 9 }] }],
      },
    }),
  ).toEqual({
    listeningport: {
      '22': ['0.0.0.0', '::', '127.0.0.53', '::1', 'masked', 'masked'].map((localaddr) => ({ ...socket, localaddr })),
      '23': [
        {
          ...socket,
          localaddr: '::',
          ...owner,
          user: 'masked',
          sharedwith: [{ pid: 9, process: 'sshd', user: 'masked' }],
        },
      ],
    },
  });
});

test('own addresses and MACs are masked, and those of neighbours', () => {
  const neighbour = { remoteaddr: '192.0.2.1', remotemacaddr: '02:fc:00:00:00:05', interface: 'eth0' };
  const hidden = { remoteaddr: 'masked', remotemacaddr: 'masked', interface: 'eth0' };
  expect(
    maskedElements({
      localmac: { '^02': [{ localmacaddr: '02:fc:00:00:00:07', interface: 'eth7' }] },
      localip: { '::/0': [{ localaddr: '2001:db8::7', interface: 'eth7' }] },
      neighbormac: { '.': [neighbour] },
      neighborip: { '192.0.2.1': [neighbour, { remoteaddr: '192.0.2.1', state: 'incomplete' }] },
    }),
  ).toEqual({
    localmac: { '^02': [{ localmacaddr: 'masked', interface: 'eth7' }] },
    localip: { '::/0': [{ localaddr: 'masked', interface: 'eth7' }] },
    neighbormac: { '.': [hidden] },
    neighborip: { '192.0.2.1': [hidden, { remoteaddr: 'masked', state: 'incomplete' }] },
  });
});

test('a failed run has no elements, and gets empty ones as with MIG', () => {
  const failed = { foundanything: false, success: false, elements: null, statistics: null, errors: ['no'] };
  expect(enhancePrivacy(failed)).toEqual({ ...failed, elements: {} });
});
