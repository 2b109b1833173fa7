import type { DatagramSocket, FailedPacket, ReceivedPacket } from '../../src/native/datagram-socket.ts';
import type { Attempt } from './elements.ts';
import { waitFor, type Goal } from './attempt.ts';
import { describePacketError, describeSystemError, isFinal } from './describe-error.ts';

/** Packets of others that are looked at before the event loop gets its turn. */
const maxPacketsAtOnce = 64;

export interface Probe {
  /** Where it goes. */
  readonly address: string;
  readonly packet: Uint8Array;
  readonly isReply: (received: ReceivedPacket) => boolean;
  readonly isOurs: (failed: FailedPacket) => boolean;
}

/**
 * Sends one packet and looks for its answer until the time is over. Looking costs microseconds and is done every few milliseconds; the latency does not
 * suffer from that, because the kernel notes when the packet came.
 */
export function pollSocket(socket: DatagramSocket, goal: Goal, probe: Probe): Promise<Attempt | undefined> {
  return waitFor(goal, (settle) => {
    let timer: NodeJS.Timeout | undefined;
    let sentNs = 0n;
    const startedMs = performance.now();
    const guarded = (step: () => void): void => {
      try {
        step();
      } catch (error) {
        settle(describeSystemError(error));
      }
    };
    const look = (): void => {
      const elapsedMs = performance.now() - startedMs;
      const attempt = findAnswer(socket, probe, { sentNs, elapsedMs });
      if (attempt) settle(attempt);
      else timer = setTimeout(guarded, elapsedMs < 50 ? 1 : 5, look);
    };
    guarded(() => {
      sentNs = socket.send(probe.packet);
      look();
    });
    return () => clearTimeout(timer);
  });
}

function findAnswer(
  socket: DatagramSocket,
  probe: Probe,
  sent: { readonly sentNs: bigint; readonly elapsedMs: number },
): Attempt | undefined {
  for (let count = 0; count < maxPacketsAtOnce; count++) {
    const failed = socket.receiveError();
    if (!failed) break;
    if (isAnswer(failed, probe)) return describePacketError(failed.error, probe.address);
  }
  try {
    for (let count = 0; count < maxPacketsAtOnce; count++) {
      const received = socket.receive();
      if (!received) return undefined;
      if (probe.isReply(received)) return { outcome: 'reply', ms: latencyOf(received, sent) };
    }
  } catch (error) {
    // The same error waits in the queue of errors, with more details: the next look finds it there.
    const failed = socket.receiveError();
    if (!failed) return describeSystemError(error);
    if (isAnswer(failed, probe)) return describePacketError(failed.error, probe.address);
  }
  return undefined;
}

function isAnswer(failed: FailedPacket, probe: Probe): boolean {
  return isFinal(failed.error) && probe.isOurs(failed);
}

/** By the kernel's clock; by the own one when the time of the day was changed in between. */
function latencyOf(
  { receivedNs }: ReceivedPacket,
  { sentNs, elapsedMs }: { readonly sentNs: bigint; readonly elapsedMs: number },
): number {
  const ms = receivedNs === undefined ? Number.NaN : Number(receivedNs - sentNs) / 1e6;
  return ms > 0 && ms <= elapsedMs + 1 ? ms : elapsedMs;
}
