import { expect, test } from 'vitest';
import { enhancePrivacy } from '../../../modules/netstat/enhance-privacy.ts';

test('peers of connections and users are masked, ports and own addresses stay', () => {
  const owner = { pid: 812, process: 'sshd', user: 'alice' };
  const socket = { localaddr: '10.0.0.2', localport: 22, namespace: 'default', protocol: 'tcp' } as const;
  const neighbour = { remoteaddr: '192.0.2.1', remotemacaddr: '02:fc:00:00:00:05' };
  expect(
    enhancePrivacy({
      foundanything: true,
      success: true,
      elements: {
        connectedip: {
          '0.0.0.0/0': [{ ...socket, remoteaddr: '198.51.100.9', remoteport: 443, ...owner }],
          '10.0.0.0/8': null,
        },
        listeningport: { '22': [{ ...socket, ...owner, sharedwith: [{ ...owner, pid: 9 }] }] },
        neighborip: { '192.0.2.1': [neighbour] },
      },
      statistics: { examined: 1, exectime: '1ms', totalhits: 3 },
      errors: null,
    }),
  ).toEqual({
    foundanything: true,
    success: true,
    elements: {
      connectedip: {
        '0.0.0.0/0': [{ ...socket, remoteaddr: 'masked', remoteport: 443, ...owner, user: 'masked' }],
        '10.0.0.0/8': null,
      },
      listeningport: {
        '22': [{ ...socket, ...owner, user: 'masked', sharedwith: [{ pid: 9, process: 'sshd', user: 'masked' }] }],
      },
      neighborip: { '192.0.2.1': [neighbour] },
    },
    statistics: { examined: 1, exectime: '1ms', totalhits: 3 },
    errors: null,
  });
});

test('a failed run has no elements, and gets empty ones as with MIG', () => {
  const failed = { foundanything: false, success: false, elements: null, statistics: null, errors: ['no'] };
  expect(enhancePrivacy(failed)).toEqual({ ...failed, elements: {} });
});
