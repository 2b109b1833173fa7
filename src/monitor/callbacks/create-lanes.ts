/**
 * The order of what is told of one process, over all subscriptions: the callbacks of an exec have returned before those of the exit are called. One that takes longer than
 * a moment does not hold up the others: they are called then, and it alone is told later, in order.
 */

/**
 * How long others wait for the callbacks of one process: so many turns of the event loop, this far apart at least. A thread that stands still is not taken for a callback
 * that does. And for how many events at most, in all.
 */
export const patience = { turns: 5, turnMs: 5, waiting: 10_000 } as const;

export interface Lanes<Value> {
  readonly tell: (pid: number, value: Value) => void;
  /** What is told of a process from now on waits for something else, too, until the returned function is called. */
  readonly hold: (pid: number) => () => void;
  /** What waits is forgotten. */
  readonly clear: () => void;
  /** What waits. */
  readonly waiting: () => number;
}

interface Lane<Value> {
  readonly pid: number;
  /** The turn of its beginning. */
  readonly since: number;
  /** Callbacks that have not returned. */
  pending: number;
  waiting: Value[];
  isLate: boolean;
}

/** `deliver` hands a value to whom it concerns and returns how many are not done with it; each says so later. */
export function createLanes<Value>(options: {
  readonly deliver: (pid: number, value: Value, onDone: () => void) => number;
}): Lanes<Value> {
  const { deliver } = options;
  /** In the order of their beginning. */
  const lanes = new Map<number, Lane<Value>>();
  let waiting = 0;
  let turn = 0;
  let timer: NodeJS.Timeout | undefined;

  const hand = (pid: number, value: Value): Lane<Value> | undefined => {
    let lane = lanes.get(pid);
    // One callback may end the subscription of another that was just to wait: that one is done before it is counted.
    const told: { lane?: Lane<Value>; early: number } = { early: 0 };
    const pending = deliver(pid, value, () => (told.lane ? done(told.lane) : void told.early++)) - told.early;
    if (pending === 0) return lane;
    lane ??= open(pid);
    lane.pending += pending;
    told.lane = lane;
    return lane;
  };
  const open = (pid: number): Lane<Value> => {
    const lane = { pid, since: turn, pending: 0, waiting: [], isLate: false };
    lanes.set(pid, lane);
    timer ??= setTimeout(takeTurn, patience.turnMs);
    return lane;
  };
  const done = (lane: Lane<Value>): void => {
    lane.pending--;
    if (lane.pending > 0 || lanes.get(lane.pid) !== lane) return;
    lanes.delete(lane.pid);
    release(lane);
  };
  /** Hands on what has waited, until it has to wait again. */
  const release = (lane: Lane<Value>): void => {
    const left = lane.waiting;
    lane.waiting = [];
    waiting -= left.length;
    for (const [at, value] of left.entries()) {
      const next = hand(lane.pid, value);
      if (!next || next.isLate || at + 1 === left.length) continue;
      next.waiting.unshift(...left.slice(at + 1));
      waiting += left.length - at - 1;
      return;
    }
  };
  const makeLate = (lane: Lane<Value>): void => {
    lane.isLate = true;
    release(lane);
  };
  const takeTurn = (): void => {
    timer = undefined;
    turn++;
    for (const lane of lanes.values()) {
      if (lane.isLate || lanes.get(lane.pid) !== lane) continue;
      if (turn - lane.since >= patience.turns) makeLate(lane);
      else {
        timer ??= setTimeout(takeTurn, patience.turnMs);
        return;
      }
    }
  };
  return {
    tell: (pid, value) => {
      const lane = lanes.get(pid);
      if (!lane || lane.isLate) {
        hand(pid, value);
        return;
      }
      lane.waiting.push(value);
      waiting++;
      if (waiting > patience.waiting) makeLate(lane);
    },
    hold: (pid) => {
      const lane = lanes.get(pid) ?? open(pid);
      lane.pending++;
      return () => done(lane);
    },
    clear: () => {
      clearTimeout(timer);
      timer = undefined;
      lanes.clear();
      waiting = 0;
    },
    waiting: () => waiting,
  };
}
