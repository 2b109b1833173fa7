/**
 * | limit          | default | why                                                                              |
 * |----------------|---------|----------------------------------------------------------------------------------|
 * | turnMs         | 50      | how often what was heard is written and news are told: a kill -9 loses so much, and that is a gap at the next start |
 * | newsWorkMs     | 20      | so long a turn puts processes together for news; what is left is for the next one      |
 * | newsHoldMs     | 500     | news wait so long at most for a source that is behind                            |
 * | settleMs       | 250     | how often final processes are taken out of memory                                |
 * | sweepMs        | 30,000  | how often /proc is looked at: an end that nobody told is found so                |
 * | heardMs        | 10,000  | how often it is noted that nothing was heard: the gap of the next start is not longer |
 * | pruneMs        | 60,000  | how often the store is held to its limits                                        |
 * | appendEvents   | 4,096   | so many are written before their turn, in one transaction of some 15 ms          |
 * | settleNodes    | 2,048   | so many processes take the place of their events in one transaction of some 50 ms, one a turn |
 * | unsavedEvents  | 65,536  | so many wait in memory for a disk that takes nothing; older ones are a gap there |
 * | unsavedNodes   | 16,384  | likewise                                                                         |
 * | retryMs        | 1,000   | how often such a disk is tried again                                             |
 * | looksASecond   | 300     | looks at /proc after an exec, 0.15 ms each: below a twentieth of a core           |
 * | scopeMs        | 30,000  | how long the ancestors of a process may be unknown before /proc is asked          |
 * | scopeEvents    | 65,536  | so many are held for processes of which nobody knows whether they are below the root: more are stored |
 * | crowdedTombstones, crowdedAheadMs | 24,576, 55,000 | beyond so many ended processes in memory they are final sooner, after 5 s instead of 60: memory stays small in a flood |
 */
export const engineLimits = {
  turnMs: 50,
  newsWorkMs: 20,
  newsHoldMs: 500,
  settleMs: 250,
  sweepMs: 30_000,
  heardMs: 10_000,
  pruneMs: 60_000,
  appendEvents: 4096,
  settleNodes: 2048,
  unsavedEvents: 65_536,
  unsavedNodes: 16_384,
  retryMs: 1000,
  looksASecond: 300,
  scopeMs: 30_000,
  scopeEvents: 65_536,
  crowdedTombstones: 24_576,
  crowdedAheadMs: 55_000,
} as const;

export type EngineLimits = { readonly [name in keyof typeof engineLimits]: number };
