/**
 * | limit          | default | why                                                                              |
 * |----------------|---------|----------------------------------------------------------------------------------|
 * | turnMs         | 50      | how often what was heard is written and news are told: a kill -9 loses so much, and that is a gap at the next start |
 * | sliceMs        | 10      | so long one kind of work goes on before the event loop turns                     |
 * | shortSliceMs   | 2       | likewise while /proc is read after a gap, or there is more to hear: that comes first |
 * | inboxEvents    | 65,536  | so many wait to be digested, 10 MB: more than the kernel's buffer holds            |
 * | newsWorkMs     | 10      | so long a turn puts processes together for news; what is left is for the next one |
 * | newsHoldMs     | 500     | news wait so long at most for a source that is behind                            |
 * | settleMs       | 250     | how often final processes are taken out of memory                                |
 * | sweepMs        | 30,000  | how often /proc is looked at: an end that nobody told is found so                |
 * | heardMs        | 10,000  | how often it is noted that nothing was heard: the gap of the next start is not longer |
 * | pruneMs        | 60,000  | how often the store is held to its limits                                        |
 * | appendEvents   | 1,024   | so many are written in one transaction, of some 5 ms                             |
 * | settleNodes    | 256     | so many processes take the place of their events in one transaction, of some 10 ms |
 * | journalBytes   | 16 MiB  | so long a journal is brought into the database, in some 20 ms                    |
 * | crowdedEvents, crowdedNodes | 16,384, 4,096 | while more wait for the disk nothing is digested, nothing settled  |
 * | unsavedEvents  | 65,536  | so many wait in memory for a disk that takes nothing; older ones are a gap there |
 * | unsavedNodes   | 16,384  | likewise                                                                         |
 * | retryMs        | 1,000   | how often such a disk is tried again                                             |
 * | looksASecond   | 300     | looks at /proc after an exec, 0.15 ms each: below a twentieth of a core           |
 * | scopeMs        | 30,000  | how long the ancestors of a process may be unknown before /proc is asked          |
 * | scopeEvents    | 65,536  | so many are held for processes of which nobody knows whether they are below the root: more are stored |
 * | crowdedTombstones, crowdedKeepMs | 16,384, 5,000 | beyond so many ended processes in memory they are final sooner, after 5 s instead of 60: memory stays small in a flood |
 * | roomMs         | 80      | so long a call that brings more than may wait makes room for it                  |
 * | mostTombstones | 24,576  | while there are more, and some of them can be settled, nothing is digested       |
 */
export const engineLimits = {
  turnMs: 50,
  sliceMs: 10,
  shortSliceMs: 2,
  inboxEvents: 65_536,
  newsWorkMs: 10,
  newsHoldMs: 500,
  settleMs: 250,
  sweepMs: 30_000,
  heardMs: 10_000,
  pruneMs: 60_000,
  appendEvents: 1024,
  settleNodes: 256,
  journalBytes: 16 * 1024 * 1024,
  crowdedEvents: 16_384,
  crowdedNodes: 4096,
  unsavedEvents: 65_536,
  unsavedNodes: 16_384,
  retryMs: 1000,
  looksASecond: 300,
  scopeMs: 30_000,
  scopeEvents: 65_536,
  crowdedTombstones: 16_384,
  crowdedKeepMs: 5000,
  mostTombstones: 24_576,
  roomMs: 80,
} as const;

export type EngineLimits = { readonly [name in keyof typeof engineLimits]: number };
