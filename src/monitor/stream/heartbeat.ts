/**
 * Whether silence is the host's or the stream's. Another program can end everybody's events by accident: the kernel counts its listeners, and before Linux 6.6 it counts down
 * for every "ignore", whoever sends it. So a stream that has been quiet for a while makes an event of its own.
 */
export interface Heartbeat {
  /** Events came. */
  readonly heard: (nowNs: number) => void;
  /** To be asked when nothing waits in the socket: the event of a beat is there before the beat returns, so that its absence then is a miss. */
  readonly next: (nowNs: number) => 'wait' | 'beat' | 'lost';
  /** A new socket: the caller beats at once. */
  readonly restart: (nowNs: number) => void;
}

export interface HeartbeatLimits {
  /** Quiet for so long: a beat. */
  readonly quietMs: number;
  /** Between beats that are missed. */
  readonly repeatMs: number;
  readonly mostMissed: number;
}

export function createHeartbeat({ quietMs, repeatMs, mostMissed }: HeartbeatLimits, startedNs: number): Heartbeat {
  let heardNs = startedNs;
  let beatNs = 0;
  let beats = 0;
  return {
    heard: (nowNs) => {
      heardNs = nowNs;
      beats = 0;
    },
    next: (nowNs) => {
      const isDue = beats === 0 ? nowNs - heardNs >= quietMs * 1e6 : nowNs - beatNs >= repeatMs * 1e6;
      if (!isDue) return 'wait';
      if (beats >= mostMissed) return 'lost';
      beats++;
      beatNs = nowNs;
      return 'beat';
    },
    restart: (nowNs) => {
      beats = 1;
      beatNs = nowNs;
    },
  };
}
