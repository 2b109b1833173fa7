import { expect, test } from 'vitest';
import { findDaemonSockets } from '../../../../src/agent/daemon/find-daemon-sockets.ts';

test("a user's console looks for the user's agent, then for root's; one that was told where looks nowhere else", () => {
  const own = { runFolder: '/run/user/1000/gumshoe', path: undefined };
  expect(findDaemonSockets(own, {})).toEqual(['/run/user/1000/gumshoe/agent.sock', '/run/gumshoe/agent.sock']);
  expect(findDaemonSockets(own, { GUMSHOE_RUN: own.runFolder })).toEqual(['/run/user/1000/gumshoe/agent.sock']);
  expect(findDaemonSockets({ ...own, path: '/etc/x.yaml' }, {})).toEqual(['/run/user/1000/gumshoe/agent.sock']);
  expect(findDaemonSockets({ runFolder: '/run/gumshoe', path: undefined }, {})).toEqual(['/run/gumshoe/agent.sock']);
});
