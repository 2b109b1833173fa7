import { createSocket, type Socket as UdpSocket } from 'node:dgram';
import { readFileSync } from 'node:fs';
import { connect, isIP, isIPv6, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { messageOf } from '../../src/base/app-error.ts';
import type { PersistHost } from '../../src/module/persist.ts';
import { sendUnixDatagram } from '../../src/native/unix-datagram.ts';
import type { SyslogAddress } from './config.ts';
import { formatSyslog } from './format-syslog.ts';
import type { Sink } from './sink.ts';

export interface SyslogSinkOptions {
  readonly address: SyslogAddress;
  readonly facility: number;
  readonly host: PersistHost;
  readonly caFile: string | undefined;
  readonly timeoutMs: number;
}

/** What receivers take in one message: a datagram as rsyslog's default, a stream as the longest alert. */
const maxDatagramBytes = 8192;
const maxStreamBytes = 512 * 1024;

/** How one message is handed to the system. Rejects with why it could not. */
interface Carrier {
  readonly send: (message: Buffer, signal: AbortSignal) => Promise<void>;
  readonly close: () => void;
}

/** Throws when the file of certificates cannot be read. */
export function createSyslogSink(options: SyslogSinkOptions): Sink {
  const { address } = options;
  const isStream = address.kind === 'tcp' || address.kind === 'tls';
  const maxBytes = isStream ? maxStreamBytes : maxDatagramBytes;
  const carrier = isStream ? createStream(address, options) : createDatagrams(address);
  return {
    name: 'syslog',
    to: address.kind === 'unix' ? `unix:${address.path}` : `${address.kind}://${formatHost(address)}`,
    deliver: async (alert, signal) => {
      const limit = AbortSignal.any([signal, AbortSignal.timeout(options.timeoutMs)]);
      try {
        await carrier.send(formatSyslog(alert, { ...options, maxBytes }), limit);
        return { kind: 'delivered' };
      } catch (error) {
        const reason = limit.aborted ? `not taken within ${options.timeoutMs / 1000} s` : messageOf(error);
        return { kind: 'retry', reason };
      }
    },
    close: carrier.close,
  };
}

function formatHost({ host, port }: { readonly host: string; readonly port: number }): string {
  return `${isIPv6(host) ? `[${host}]` : host}:${port}`;
}

function createDatagrams(address: SyslogAddress): Carrier {
  if (address.kind === 'unix') {
    const { path } = address;
    return { send: async (message) => sendUnixDatagram(path, message), close: () => undefined };
  }
  let socket: UdpSocket | undefined;
  const drop = (): void => {
    socket?.close();
    socket = undefined;
  };
  return {
    send: async (message) => {
      try {
        // Connected, so that the kernel tells of a port where nobody listens.
        socket ??= await connectUdp(address);
        const open = socket;
        await new Promise<void>((resolve, reject) =>
          open.send(message, (error) => (error ? reject(error) : resolve())),
        );
      } catch (error) {
        drop();
        throw error;
      }
    },
    close: drop,
  };
}

function connectUdp({ host, port }: { readonly host: string; readonly port: number }): Promise<UdpSocket> {
  const opened = Promise.withResolvers<UdpSocket>();
  const socket = createSocket(isIPv6(host) ? 'udp6' : 'udp4');
  // Later errors come with the next send.
  socket.on('error', opened.reject);
  socket.connect(port, host, () => opened.resolve(socket));
  return opened.promise;
}

/** One connection that is kept; each message with its length in front (octet counting, RFC 6587 3.4.1, RFC 5425). */
function createStream(
  address: Exclude<SyslogAddress, { readonly kind: 'unix' }>,
  { caFile }: SyslogSinkOptions,
): Carrier {
  const ca = caFile === undefined || address.kind !== 'tls' ? undefined : readFileSync(caFile);
  let socket: Socket | undefined;
  const drop = (): void => {
    socket?.destroy();
    socket = undefined;
  };
  const open = async (signal: AbortSignal): Promise<Socket> => {
    const { host, port } = address;
    const made =
      address.kind === 'tls'
        ? connectTls({
            host,
            port,
            ...(isIP(host) === 0 ? { servername: host } : {}),
            ...(ca === undefined ? {} : { ca }),
          })
        : connect({ host, port });
    made.setNoDelay(true);
    // What breaks is told to whoever waits; between two messages to nobody.
    made.on('error', () => undefined);
    try {
      await settle(made, signal, (done) => made.once(address.kind === 'tls' ? 'secureConnect' : 'connect', done));
    } catch (error) {
      made.destroy();
      throw error;
    }
    // Nothing is expected; reading is what tells that the receiver is gone.
    made.on('data', () => undefined);
    made.on('end', () => void made.destroy());
    made.on('close', () => {
      if (socket === made) socket = undefined;
    });
    return made;
  };
  return {
    send: async (message, signal) => {
      try {
        socket ??= await open(signal);
        const used = socket;
        const framed = Buffer.concat([Buffer.from(`${message.length} `), message]);
        await settle(used, signal, (done) => used.write(framed, (error) => error ?? done()));
      } catch (error) {
        // Half a message may have gone: the next begins on a connection of its own.
        drop();
        throw error;
      }
    },
    close: drop,
  };
}

/** Waits for what `start` tells, or for the socket's error or end, or for the signal. */
function settle(socket: Socket, signal: AbortSignal, start: (done: () => void) => void): Promise<void> {
  const settled = Promise.withResolvers<void>();
  const onClose = (): void => settled.reject(new Error('the receiver closed the connection'));
  const onAbort = (): void => {
    socket.destroy();
    settled.reject(new Error('given up'));
  };
  socket.on('error', settled.reject);
  socket.on('close', onClose);
  signal.addEventListener('abort', onAbort, { once: true });
  if (signal.aborted) onAbort();
  else start(settled.resolve);
  return settled.promise.finally(() => {
    socket.off('error', settled.reject);
    socket.off('close', onClose);
    signal.removeEventListener('abort', onAbort);
  });
}
