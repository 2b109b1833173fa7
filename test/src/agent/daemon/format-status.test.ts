import { expect, test } from 'vitest';
import { formatSpan, formatStatus } from '../../../../src/agent/daemon/format-status.ts';

test('the status of an agent is lines for people', () => {
  const lines = formatStatus({
    type: 'status',
    agent: {
      id: 'id1',
      name: 'web-1',
      version: '1.0.0',
      pid: 7,
      mode: 'daemon',
      starttime: '2026-01-01T00:00:00.000Z',
      environment: {
        os: 'linux',
        arch: 'amd64',
        ident: 'Debian 12',
        init: 'systemd',
        isproxied: false,
        addresses: [],
        modules: [],
        user: 'root',
      },
      tags: { operator: 'it' },
      persistent: [
        {
          name: 'fswatch',
          phase: 'waiting',
          restarts: 3,
          lastFailure: { at: '2026-01-01T00:01:00.000Z', reason: 'it ended with status 1' },
        },
        { name: 'examplepersist', phase: 'healthy', pid: 9, starttime: '2026-01-01T00:00:30.000Z', restarts: 0 },
      ],
    },
    uptimeMs: 90_000,
    runFolder: '/run/gumshoe',
    stateFolder: '/var/lib/gumshoe',
    running: 2,
    links: 1,
    isRestarting: true,
  });
  expect(lines).toEqual([
    'agent         web-1, running, restarting',
    'id            id1',
    'version       1.0.0',
    'pid           7',
    'up            1m 30s, since 2026-01-01T00:00:00.000Z',
    'host          Debian 12 (linux/amd64), as root',
    'tags          operator=it',
    'consoles      1',
    'actions       2 running',
    'run folder    /run/gumshoe',
    'state folder  /var/lib/gumshoe',
    'config        none, the defaults hold',
    'log           standard error',
    '',
    'persistent module  state     pid      up        restarts',
    'fswatch            waiting   -        -         3',
    '  last failure 2026-01-01T00:01:00.000Z: it ended with status 1',
    'examplepersist     healthy   9        1m 0s     0',
  ]);
});

test('spans are told in two units', () => {
  expect([0, 59_999, 61_000, 7_500_000, 370_000_000].map(formatSpan)).toEqual(['0s', '59s', '1m 1s', '2h 5m', '4d 6h']);
});
