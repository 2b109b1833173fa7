import { availableParallelism } from 'node:os';
import type { ActionLimits } from '../protocol/action.ts';

/** What an operation may use and how long each step of its end is waited for. */
export interface Limits {
  readonly timeoutMs: number;
  readonly stopWaitMs: number;
  readonly termWaitMs: number;
  readonly memoryBytes: number;
  readonly memoryCheckMs: number;
  readonly resultBytes: number;
  readonly hitBytes: number;
  readonly nice: number;
  readonly spareWaitMs: number;
  readonly spareLongWaitMs: number;
  readonly parallelOperations: number;
  readonly waitingOperations: number;
}

/**
 * The one table of limits. An action may lower timeoutMs, memoryBytes and resultBytes for its operations, never raise them.
 *
 * | limit               | default | what happens when it is reached                                                        |
 * |---------------------|---------|----------------------------------------------------------------------------------------|
 * | timeoutMs           | 300 s   | a stop message; what was found is kept, status timeout (MIG's moduletimeout)           |
 * | stopWaitMs          | 2 s     | a module that did not answer the stop message gets TERM                                |
 * | termWaitMs          | 1 s     | one that ignores TERM gets KILL; what it had streamed is kept                          |
 * | memoryBytes         | 512 MiB | the operation is stopped as at its time limit, status failed                           |
 * | memoryCheckMs       | 250 ms  | how often the memory of an operation is looked at                                      |
 * | resultBytes         | 64 MiB  | the operation is killed, what it had streamed is kept, status failed                   |
 * | hitBytes            | 1 MiB   | hits are no longer streamed; they stand in the final result                            |
 * | nice                | 10      | the scheduling priority of an operation: the host's own work goes first                |
 * | spareWaitMs         | 50 ms   | when the next process is made ready after an operation has ended                       |
 * | spareLongWaitMs     | 2 s     | the same while the operation lasts: its start goes first                               |
 * | parallelOperations  | 8 or 2 x cores | further operations wait; one action takes half of the places at most            |
 * | waitingOperations   | 10,000  | an action that would let more wait is refused                                          |
 */
export const defaultLimits: Limits = {
  timeoutMs: 300_000,
  stopWaitMs: 2000,
  termWaitMs: 1000,
  memoryBytes: 512 * 1024 * 1024,
  memoryCheckMs: 250,
  resultBytes: 64 * 1024 * 1024,
  hitBytes: 1024 * 1024,
  nice: 10,
  spareWaitMs: 50,
  spareLongWaitMs: 2000,
  parallelOperations: Math.max(8, 2 * availableParallelism()),
  waitingOperations: 10_000,
};

/** The agent's limits, lowered by what the action asks for. */
export function lowerLimits(limits: Limits, wanted: ActionLimits = {}): Limits {
  return {
    ...limits,
    timeoutMs: Math.min(limits.timeoutMs, wanted.timeoutMs ?? Infinity),
    memoryBytes: Math.min(limits.memoryBytes, wanted.memoryBytes ?? Infinity),
    resultBytes: Math.min(limits.resultBytes, wanted.resultBytes ?? Infinity),
  };
}
