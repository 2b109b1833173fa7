/** Which births the sightings of /proc are of: it tells a start in clock ticks, which is a life's name as long as no two began in one tick. */
import type { BirthEvent, SightingEvent } from '../lineage-event.ts';

export interface MatchedSightings {
  readonly ofBirth: ReadonlyMap<BirthEvent, readonly SightingEvent[]>;
  /** Of lives whose birth nobody told, by their start. */
  readonly ofTicks: ReadonlyMap<number, readonly SightingEvent[]>;
  /** Births that a sighting fits alike: it was given to none of them. */
  readonly ambiguous: ReadonlySet<BirthEvent>;
}

/** @param births and sightings oldest first */
export function matchSightings(
  births: readonly BirthEvent[],
  sightings: readonly SightingEvent[],
  tickNs: number,
): MatchedSightings {
  const ofBirth = new Map<BirthEvent, SightingEvent[]>();
  const ofTicks = new Map<number, SightingEvent[]>();
  const ambiguous = new Set<BirthEvent>();
  for (const sighting of sightings) {
    const births2 = candidates(births, sighting, tickNs);
    const [first] = births2;
    if (first === undefined) put(ofTicks, sighting.startTicks, sighting);
    else if (births2.length === 1) put(ofBirth, first, sighting);
    else for (const birth of births2) ambiguous.add(birth);
  }
  return { ofBirth, ofTicks, ambiguous };
}

function candidates(births: readonly BirthEvent[], sighting: SightingEvent, tickNs: number): readonly BirthEvent[] {
  const untilNs = sighting.atNs + sighting.slackNs;
  const born = births.filter((birth) => birth.atNs <= untilNs);
  const inTick = born.filter((birth) => Math.floor(birth.atNs / tickNs) === sighting.startTicks);
  if (inTick.length === 0) return neighbour(born, sighting, tickNs);
  // Two lives in one tick: the look was after the later birth, then it is that one; or the later one was born while it was looked, then either.
  const before = inTick.filter((birth) => birth.atNs <= sighting.atNs);
  const during = inTick.slice(before.length);
  return during.length === 0
    ? before.slice(-1)
    : before.length === 0 && during.length === 1
      ? during
      : [...before.slice(-1), ...during];
}

/**
 * The kernel takes the start a moment before it tells of the birth: the end of a tick may lie between. That our sum of boot time and stamp is too early by as much as a tick's end is rarer, and less.
 */
const toldAfterNs = 5e6;
const sumErrorNs = 1e6;

function neighbour(born: readonly BirthEvent[], sighting: SightingEvent, tickNs: number): readonly BirthEvent[] {
  const last = born.at(-1);
  if (last === undefined) return [];
  const startNs = sighting.startTicks * tickNs;
  return last.atNs >= startNs - sumErrorNs && last.atNs < startNs + tickNs + toldAfterNs ? [last] : [];
}

function put<Key>(lists: Map<Key, SightingEvent[]>, key: Key, sighting: SightingEvent): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [sighting]);
  else list.push(sighting);
}
