/** The waits of a restart, each a deadline on the monotonic clock (processes.md A.7). */
export interface RestartLimits {
  readonly reportMs: number;
  readonly prepareMs: number;
  readonly unitStopMs: number;
  readonly termMs: number;
  readonly confirmMs: number;
  readonly restMs: number;
}

/**
 * | limit      | default | what happens when it is reached                                                                      |
 * |------------|---------|------------------------------------------------------------------------------------------------------|
 * | reportMs   | 2 s     | the report "in progress" is on its way or not: the restart goes on                                    |
 * | prepareMs  | 5 s     | a module that did not say that it is ready is stopped all the same, and named                         |
 * | unitStopMs | 25 s    | under systemd: what has not ended is killed by the agent, before systemd kills the agent (40 s)       |
 * | termMs     | 10 s    | systemd took the job, or the helper began, and nobody ended the agent (behind the request's own limit): failed |
 * | confirmMs  | 20 s    | modules that are not healthy, or a console that is not back: degraded                                 |
 * | restMs     | 60 s    | an agent that begins later than the request's own limit and this is "late"                            |
 */
export const defaultRestartLimits: RestartLimits = {
  reportMs: 2000,
  prepareMs: 5000,
  unitStopMs: 25_000,
  termMs: 10_000,
  confirmMs: 20_000,
  restMs: 60_000,
};
