import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, test } from 'vitest';
import { signalGroup } from '../../../src/base/signal-group.ts';

test('a signal reaches the leader of a group, and nobody when the group is gone', async () => {
  const child = spawn('sleep', ['60'], { detached: true });
  await once(child, 'spawn');
  const exited = once(child, 'exit');
  expect(signalGroup(child.pid, 'SIGTERM')).toBe(true);
  expect(await exited).toEqual([null, 'SIGTERM']);
  expect(signalGroup(child.pid, 'SIGTERM')).toBe(false);
});

test('a group that cannot be meant is never signalled', () => {
  expect(signalGroup(undefined, 'SIGKILL')).toBe(false);
  expect(signalGroup(0, 'SIGKILL')).toBe(false);
  expect(signalGroup(1, 'SIGKILL')).toBe(false);
});
