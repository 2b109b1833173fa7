import { createSocket } from 'node:dgram';
import { once } from 'node:events';

const epochSeconds = 2_208_988_800;

export interface Manner {
  /** Added to the host's time. */
  readonly skewMs?: number;
  readonly stratum?: number;
  /** 0: none, 3: not synchronised. */
  readonly leap?: number;
  readonly mode?: number;
  /** Four characters. */
  readonly reference?: string;
  /** How long the server keeps the question. */
  readonly delayMs?: number;
  /** Changes the answer before it is sent; undefined sends none. */
  readonly change?: (answer: Buffer, request: Buffer) => Buffer | undefined;
}

export function writeTimestamp(packet: Buffer, at: number, ms: number): void {
  const seconds = Math.floor(ms / 1000);
  packet.writeUInt32BE((seconds + epochSeconds) >>> 0, at);
  packet.writeUInt32BE(Math.floor(((ms - seconds * 1000) / 1000) * 2 ** 32), at + 4);
}

export function createAnswer(request: Buffer, { receivedMs, sentMs }: Record<string, number>, manner: Manner): Buffer {
  const answer = Buffer.alloc(48);
  answer.writeUInt8(((manner.leap ?? 0) << 6) | (4 << 3) | (manner.mode ?? 4), 0);
  answer.writeUInt8(manner.stratum ?? 2, 1);
  answer.write(manner.reference ?? '\xc0\x00\x02\x07', 12, 'latin1');
  request.copy(answer, 24, 40, 48);
  writeTimestamp(answer, 32, receivedMs ?? 0);
  writeTimestamp(answer, 40, sentMs ?? 0);
  return answer;
}

/** An NTP server on loopback that answers in the given manner. */
export async function startFakeServer(
  manner: Manner = {},
  host = '127.0.0.1',
): Promise<AsyncDisposable & { readonly name: string; readonly port: number; readonly requests: readonly Buffer[] }> {
  const socket = createSocket(host.includes(':') ? 'udp6' : 'udp4');
  const requests: Buffer[] = [];
  const timers = new Set<NodeJS.Timeout>();
  const now = (): number => performance.timeOrigin + performance.now() + (manner.skewMs ?? 0);
  socket.on('message', (request, { port, address }) => {
    requests.push(request);
    const receivedMs = now();
    const reply = (): void => {
      const answer = createAnswer(request, { receivedMs, sentMs: now() }, manner);
      const changed = manner.change ? manner.change(answer, request) : answer;
      if (changed) socket.send(changed, port, address);
    };
    if (manner.delayMs === undefined) reply();
    else timers.add(setTimeout(reply, manner.delayMs));
  });
  socket.bind(0, host);
  await once(socket, 'listening');
  const { port } = socket.address();
  return {
    port,
    name: host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`,
    requests,
    [Symbol.asyncDispose]: async () => {
      for (const timer of timers) clearTimeout(timer);
      await new Promise<void>((done) => void socket.close(() => done()));
    },
  };
}
