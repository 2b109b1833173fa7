import { expect, test } from 'vitest';
import type { Elements, Statistics } from '../../../modules/netstat/elements.ts';
import { printResults, rows } from '../../../modules/netstat/print-results.ts';
import type { ModuleResult } from '../../../src/protocol/result.ts';

const result = (
  elements: Elements | null,
  rest: Partial<ModuleResult<Elements, Statistics>> = {},
): ModuleResult<Elements, Statistics> => ({
  foundanything: true,
  success: true,
  elements,
  statistics: null,
  errors: null,
  ...rest,
});

const print = (elements: Elements | null, matchOnly = true): readonly string[] =>
  printResults(result(elements), { matchOnly }).map(({ text }) => text);

/** What MIG's own agent answers. */
const fromMig: Elements = {
  listeningport: { '22': [{ localaddr: '0.0.0.0', localport: 22, namespace: 'default' }] },
  connectedip: {
    '0.0.0.0/0': [
      {
        remoteaddr: '10.0.0.1',
        remoteport: 443,
        localaddr: '10.0.0.2',
        localport: 50000,
        namespace: 'net:[4026531833]',
      },
    ],
  },
  localip: { '10.0.0.0/8': [{ localaddr: '10.0.0.2' }] },
  neighborip: { '192.0.2.1': [{ remotemacaddr: '02:fc:00:00:00:05', remoteaddr: '192.0.2.1', namespace: 'default' }] },
  neighbormac: { '^02': [{ remotemacaddr: '02:fc:00:00:00:05', remoteaddr: '192.0.2.1', namespace: 'default' }] },
  localmac: { '^8c': [{ localmacaddr: '8c:70:5a:c8:be:50' }] },
};

test("MIG's results are printed in MIG's lines and order", () => {
  expect(print(fromMig)).toEqual([
    "found local mac 8c:70:5a:c8:be:50 for netstat localmac:'^8c'",
    "found neighbor mac 02:fc:00:00:00:05 192.0.2.1 for netstat neighbormac:'^02'",
    "found neighbor IP 192.0.2.1 02:fc:00:00:00:05 for netstat neighborIP:'192.0.2.1'",
    "found local ip 10.0.0.2 for netstat localip:'10.0.0.0/8'",
    "found connected tuple 10.0.0.1:443 with local tuple 10.0.0.2:50000 for netstat connectedip:'0.0.0.0/0' namespace:[net:[4026531833]]",
    "found listening port 22 for netstat listeningport:'22'",
  ]);
});

test('what MIG does not know follows behind its line', () => {
  const sshd = { pid: 812, process: 'sshd', user: 'root' };
  const listener = { localport: 22, namespace: 'default', protocol: 'tcp', state: 'LISTEN' } as const;
  expect(
    print({
      listeningport: {
        '22': [
          { ...listener, localaddr: '0.0.0.0', ...sshd },
          { ...listener, localaddr: '::', ...sshd, sharedwith: [{ pid: 900, process: 'helper', user: 'bob' }] },
          { ...listener, localaddr: '127.0.0.1', namespace: 'net:[7]', user: 'alice' },
        ],
      },
      connectedip: {
        '10.0.0.1': [
          {
            remoteaddr: '10.0.0.1',
            remoteport: 443,
            localaddr: '10.0.0.2',
            localport: 5,
            protocol: 'tcp',
            state: 'TIME_WAIT',
          },
        ],
      },
      localmac: { '^8c': [{ localmacaddr: '8c:70:5a:c8:be:50', interface: 'eth0' }] },
    }),
  ).toEqual([
    "found local mac 8c:70:5a:c8:be:50 for netstat localmac:'^8c' on eth0",
    "found connected tuple 10.0.0.1:443 with local tuple 10.0.0.2:5 for netstat connectedip:'10.0.0.1' tcp TIME_WAIT",
    "found listening port 22 for netstat listeningport:'22' on 0.0.0.0:22/tcp by sshd[812] user root",
    "found listening port 22 for netstat listeningport:'22' on [::]:22/tcp by sshd[812] user root, helper[900] user bob",
    "found listening port 22 for netstat listeningport:'22' namespace:[net:[7]] on 127.0.0.1:22/tcp of user alice",
  ]);
});

const nothing: Elements = { localmac: { x: null }, neighborip: { '::1': null }, listeningport: { '1': null } };

test('what was not found is said for every kind, unless only matches are shown', () => {
  expect(print(nothing)).toEqual([]);
  expect(print(nothing, false)).toEqual([
    "did not find anything for netstat localmac:'x'",
    "did not find anything for netstat neighborip:'::1'",
    "did not find anything for netstat listeningport:'1'",
  ]);
});

test('errors and statistics come last, unless only matches are shown', () => {
  const failed = result(null, { errors: ['no table'], statistics: { examined: 7, exectime: '1.5ms', totalhits: 2 } });
  expect(printResults(failed, { matchOnly: true })).toEqual([]);
  expect(printResults(failed, { matchOnly: false })).toEqual([
    { tone: 'error', text: 'error: no table' },
    { tone: 'quiet', text: 'Statistics: total hits 2 examined 7 items exectime 1.5ms' },
  ]);
});

test('each finding is a row with the same columns', () => {
  const found = rows(result({ ...fromMig, localmac: { x: null } }));
  expect(found.map((row) => Object.keys(row).join(' '))).toEqual(
    found.map(
      () =>
        'kind query localaddr localport remoteaddr remoteport protocol state mac interface process pid user namespace',
    ),
  );
  expect(found.map(({ kind, query }) => `${kind} ${query}`)).toEqual([
    'neighbormac ^02',
    'neighborip 192.0.2.1',
    'localip 10.0.0.0/8',
    'connectedip 0.0.0.0/0',
    'listeningport 22',
  ]);
});
