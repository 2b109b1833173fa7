import { connect } from 'node:net';
import type { Attempt } from './elements.ts';
import { waitFor, type Goal } from './attempt.ts';
import { describeSystemError } from './describe-error.ts';

/** Connects, and hangs up at once. */
export function tryTcp(goal: Goal): Promise<Attempt | undefined> {
  return waitFor(goal, (settle) => {
    const startedMs = performance.now();
    const socket = connect({ host: goal.address, port: goal.port });
    socket.on('connect', () => settle({ outcome: 'reply', ms: performance.now() - startedMs }));
    socket.on('error', (error) => settle(describeSystemError(error)));
    return () => socket.destroy();
  });
}
