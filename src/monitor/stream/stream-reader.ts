/**
 * Reads one socket of the process connector for ever and puts what it tells into the ring: events in the order of arrival, and gaps where events are missing, in their place.
 *
 * How the kernel loses: where the socket's buffer is full it throws the message away, sets ENOBUFS, and accepts nothing more until the buffer was read to its end. ENOBUFS is returned
 * first, then what was in the buffer, which is older than the loss; behind it comes what is newer. So the hole is after the last message that was told before ENOBUFS was seen:
 * before the first one that is younger, or where nothing is left. Source: netlink_overrun(), netlink_rcv_wake() in net/netlink/af_netlink.c.
 */
import { messageOf } from '../../base/app-error.ts';
import { checkMessage } from '../../linux/connector/check-message.ts';
import { maskOf } from '../../linux/connector/event-layout.ts';
import { copyEvent, timeOfMessage } from '../../linux/connector/event-record.ts';
import type { ProcessEventKind } from '../../linux/connector/process-event.ts';
import {
  mostMessages,
  wordsPerMessage,
  type ConnectorPort,
  type ConnectorSocket,
} from '../../native/connector-socket.ts';
import { createSystemError } from '../../native/system-error.ts';
import { createBackOff } from './back-off.ts';
import type { RingWriter } from './event-ring.ts';
import { createHeartbeat } from './heartbeat.ts';
import { createPace } from './pace.ts';
import type { ReaderLimits } from './reader-limits.ts';
import { createSequenceCheck } from './sequence-check.ts';
import { EAGAIN, EINTR, ENOBUFS, unsubscribe, type Subscription } from './subscribe.ts';

/** What the kernel charges a socket for one event that waits: measured, the same for all kinds. */
const chargedBytes = 832;
/** Each message may bring a gap before it. */
const roomForBatch = 2 * mostMessages + 2;

export interface ReaderHealth {
  readonly isHealthy: boolean;
  readonly reason: string | undefined;
  readonly receiveBufferBytes: number;
}

export interface ReaderOptions {
  readonly port: ConnectorPort;
  readonly ring: RingWriter;
  /** Opens and subscribes; throws. */
  readonly subscribe: () => Subscription;
  /** Kinds to hand over; undefined for all. */
  readonly kinds: readonly ProcessEventKind[] | undefined;
  readonly limits: ReaderLimits;
  readonly onHealth: (health: ReaderHealth) => void;
  /** Sleeps where there is no socket to wait for. */
  readonly sleep: (milliseconds: number) => void;
}

export interface StreamReader {
  /** Subscribes for the first time. Throws what subscribing throws. */
  readonly start: () => ReaderHealth;
  /** Waits at most 200 ms for events and hands them over, or does the next thing that keeps the stream alive. Never throws what a socket throws. */
  readonly step: () => void;
  readonly close: () => void;
}

/** A subscription, and what was heard by it. */
interface Listening {
  readonly socket: ConnectorSocket;
  /** Drops that were told, and as the kernel had counted them then: see closeHole. */
  drops: number;
  counted: number;
  /** When a loss was noticed whose place has not come yet. */
  holeSeenNs: number | undefined;
  readonly sequence: ReturnType<typeof createSequenceCheck> | undefined;
}

export function createStreamReader(options: ReaderOptions): StreamReader {
  const { port, ring, kinds, limits } = options;
  const wanted = kinds === undefined ? -1 : maskOf(kinds);
  const backOff = createBackOff(limits.reopenLeastMs, limits.reopenMostMs);
  const pace = createPace(limits);
  const heartbeat = createHeartbeat(limits, port.nowNs());
  let listening: Listening | undefined;
  let lastNs = 0;
  let retryNs = 0;
  let health: ReaderHealth = { isHealthy: true, reason: undefined, receiveBufferBytes: 0 };

  const tellHealth = (isHealthy: boolean, reason: string | undefined): void => {
    const receiveBufferBytes = listening?.socket.receiveBufferBytes ?? health.receiveBufferBytes;
    const isNews = isHealthy !== health.isHealthy || reason !== health.reason;
    health = { isHealthy, reason, receiveBufferBytes };
    if (isNews) options.onHealth(health);
  };

  const listen = (): void => {
    const { socket, received, drops } = options.subscribe();
    ring.setFile(socket.file);
    const nowNs = port.nowNs();
    // A kernel that leaves kinds out leaves their numbers out with them.
    const sequence = kinds === undefined ? createSequenceCheck() : undefined;
    listening = { socket, drops, counted: drops, holeSeenNs: undefined, sequence };
    if (lastNs > 0) {
      ring.count('reopened');
      ring.pushGap({ kind: 'gap', fromNs: lastNs, toNs: nowNs, drops: undefined, reason: 'reopened' });
    }
    lastNs = nowNs;
    take(listening, ...received);
    heartbeat.restart(nowNs);
    port.renameThread();
    ring.publish();
  };

  const drop = (reason: string): void => {
    if (listening) {
      ring.setFile(undefined);
      unsubscribe(listening.socket);
    }
    listening = undefined;
    tellHealth(false, reason);
    retryNs = port.nowNs() + backOff.nextMs() * 1e6;
  };

  const reopen = (): void => {
    const leftMs = (retryNs - port.nowNs()) / 1e6;
    if (leftMs > 0) {
      options.sleep(leftMs);
      return;
    }
    try {
      listen();
    } catch (error) {
      ring.count('reopenFailed');
      drop(`process events cannot be heard again: ${messageOf(error)}`);
    }
  };

  /** Copies the messages from one number to before another. How many of them were the kernel's. */
  const take = (from: Listening, first: number, end: number): number => {
    const { socket, sequence } = from;
    const { words } = socket;
    let rejected = 0;
    for (let message = first; message < end; message++) {
      const at = message * wordsPerMessage;
      const verdict = checkMessage(words, at, socket.lengthAt(message), socket.senderAt(message));
      if (verdict === 'reject') {
        ring.count('rejected');
        rejected++;
        continue;
      }
      const ns = timeOfMessage(words, at);
      if (from.holeSeenNs !== undefined && ns > from.holeSeenNs) closeHole(from);
      const missing = sequence?.missingBefore(words[at + 10] ?? 0, (words[at + 6] ?? 0) >>> 0) ?? 0;
      if (missing > 0) pushLoss(ns, missing);
      if (ns > lastNs) lastNs = ns;
      // Answers to other listeners come here, too: they are no events, but they are numbered with them, and their kind has no bit.
      if (((words[at + 9] ?? 0) & wanted) === 0) continue;
      copyEvent(words, at, ring.slots, ring.place());
      ring.push();
    }
    return end - first - rejected;
  };

  const pushLoss = (toNs: number, drops: number): void =>
    ring.pushGap({ kind: 'gap', fromNs: lastNs, toNs, drops, reason: 'overrun' });

  /**
   * The place of the hole has come: the kernel accepts messages again, and counts no more for it. If there is another hole already, some of what it has counted is of that one, nobody
   * knows how much: one at least. The sum is exact in any case, and so is the end: what was counted was lost before it was counted, while the first event that was
   * accepted again may be older than what another processor lost before it, and than all that the next hole has lost already.
   */
  const closeHole = (from: Listening): void => {
    const { drops } = from.socket.memory();
    const isNextOpen = from.socket.takeError() === ENOBUFS;
    const countedNs = port.nowNs();
    const lost = (drops - from.drops) >>> 0;
    const told = isNextOpen && lost > 1 ? lost - 1 : lost;
    from.sequence?.explain((drops - from.counted) >>> 0);
    from.counted = drops;
    from.drops = (from.drops + told) >>> 0;
    from.holeSeenNs = isNextOpen ? countedNs : undefined;
    pushLoss(countedNs, told);
  };

  const hear = (from: Listening): void => {
    const taken = from.socket.receive(mostMessages, from.holeSeenNs === undefined);
    if (taken >= 0) {
      // What others send is no sign that the kernel still tells.
      const isHeard = take(from, 0, taken) > 0;
      ring.publish();
      ring.setUnread(0);
      const nowNs = port.nowNs();
      if (isHeard) heartbeat.heard(nowNs);
      if (isHeard && !health.isHealthy) {
        backOff.reset();
        tellHealth(true, undefined);
      }
      const pauseUs = pace.nextUs(taken, nowNs);
      // A full batch means that more waits.
      if (taken === mostMessages) return;
      if (!isHeard) keepAlive(nowNs);
      if (from.holeSeenNs === undefined) port.pause(pauseUs);
    } else if (taken === -ENOBUFS) from.holeSeenNs ??= port.nowNs();
    else if (taken === -EAGAIN) rest(from);
    else if (taken !== -EINTR) throw createSystemError('connector receive', -taken);
  };

  /** Nothing waits in the socket. */
  const rest = (from: Listening): void => {
    const nowNs = port.nowNs();
    if (from.holeSeenNs !== undefined) {
      closeHole(from);
      ring.publish();
    }
    keepAlive(nowNs);
  };

  const keepAlive = (nowNs: number): void => {
    const next = heartbeat.next(nowNs);
    if (next === 'beat') port.renameThread();
    else if (next === 'lost') {
      drop(`the kernel tells no process events: ${limits.mostMissed} of this program's own did not come`);
    }
  };

  return {
    start: () => {
      listen();
      tellHealth(true, undefined);
      return health;
    },
    step: () => {
      if (ring.room() < roomForBatch) {
        // What waits then waits in the socket's buffer, the second room.
        if (listening) ring.setUnread(countUnread(listening.socket));
        ring.waitForRoom(200);
        return;
      }
      if (!listening) {
        reopen();
        return;
      }
      try {
        hear(listening);
      } catch (error) {
        drop(`process events cannot be read: ${messageOf(error)}`);
      }
    },
    close: () => {
      ring.setFile(undefined);
      if (listening) unsubscribe(listening.socket);
      listening = undefined;
    },
  };
}

function countUnread(socket: ConnectorSocket): number {
  try {
    return Math.floor(socket.memory().waitingBytes / chargedBytes);
  } catch {
    // A socket that failed is noticed when it is read.
    return 0;
  }
}
