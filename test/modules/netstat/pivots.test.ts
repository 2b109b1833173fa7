import { expect, test } from 'vitest';
import { pivots } from '../../../modules/netstat/pivots.ts';
import type { Elements, Item } from '../../../modules/netstat/elements.ts';

const looked = { examined: 3, exectime: '1s', totalhits: 3, finishedat: '2026-11-21T10:00:05.000Z' };
const life = ['-from', '2026-11-21T10:00:03.000Z', '-until', '2026-11-21T10:00:06.000Z'];

function follow(elements: Elements | null, processes = true) {
  const result = { foundanything: true, success: true, elements, statistics: looked, errors: null };
  return pivots(result, { processes, listeningport: ['22'] });
}
const listener: Item = {
  localaddr: '0.0.0.0',
  localport: 22,
  protocol: 'tcp',
  pid: 812,
  process: 'sshd',
  user: 'root',
};

test('a socket is followed to every process that holds it, in the life that was seen', () => {
  const shared = [{ pid: 900, process: 'sshd\x1b[2J', user: 'root' }];
  const { pivots: found, problems } = follow({
    listeningport: { '22': [{ ...listener, sharedwith: shared }], '23': null },
    connectedip: { '::/0': [{ ...listener, remoteaddr: '2001:db8::7', remoteport: 443 }] },
    localip: { '10.0.0.0/8': [{ localaddr: '10.0.0.1' }] },
  });
  expect(found.map(({ label, flags }) => [label, ...flags])).toEqual([
    ['sshd[812] listens on 0.0.0.0:22/tcp', '-pid', '812', ...life],
    ['sshd\x1b[2J[900] listens on 0.0.0.0:22/tcp', '-pid', '900', ...life],
    ['sshd[812] is connected to [2001:db8::7]:443/tcp', '-pid', '812', ...life],
  ]);
  expect(found.every(({ module, isOfAgent }) => module === 'lineage' && isOfAgent)).toBe(true);
  expect(problems).toEqual([]);
});

test('sockets without a process say whether they were asked for, and how they are', () => {
  const { pid: _pid, process: _process, user: _user, ...bare } = listener;
  const two = { listeningport: { '22': [bare, bare] } };
  expect(follow(two, false)).toEqual({
    pivots: [],
    problems: ['the processes behind 2 sockets were not asked for: -processes asks for them'],
  });
  expect(follow({ connectedip: { '::/0': [{ ...bare, user: 'root' }] } }).problems).toEqual([
    "no process was seen behind a socket: it is closing, the kernel's own, or of another user (needs root)",
  ]);
  expect(follow(null)).toEqual({ pivots: [], problems: [] });
});
