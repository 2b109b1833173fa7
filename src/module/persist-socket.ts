import { ModuleError } from '../base/app-error.ts';

/** Where a persistent module listens, as net.connect takes it. */
export type SocketAddress = { readonly path: string } | { readonly host: string; readonly port: number };

/** sun_path of unix(7) without its NUL; a longer path would be cut without a word. */
export const maxSocketPathBytes = process.platform === 'linux' ? 107 : 103;

/** MIG's socket specs: "unix:PATH" and "tcp:HOST:PORT" (an IPv6 address in brackets). Throws ModuleError SOCKET_INVALID. */
export function parsePersistSocket(spec: string): SocketAddress {
  const wrong = (expected: string): ModuleError =>
    new ModuleError('SOCKET_INVALID', `expected ${expected}, got ${JSON.stringify(spec.slice(0, 200))}`);
  const path = /^unix:(.+)$/s.exec(spec)?.[1];
  if (path !== undefined) {
    checkSocketPath(path);
    return { path };
  }
  if (spec.startsWith('unix:')) throw wrong('a path behind unix:');
  const tcp = /^tcp:(?:\[([^\]]+)\]|([^:]+)):(\d{1,5})$/.exec(spec);
  const host = tcp?.[1] ?? tcp?.[2];
  const port = Number(tcp?.[3]);
  if (host !== undefined && port > 0 && port < 65_536) return { host, port };
  throw wrong(spec.startsWith('tcp:') ? 'tcp:HOST:PORT' : 'a socket as unix:PATH or tcp:HOST:PORT');
}

/** Throws ModuleError SOCKET_INVALID for a path that a unix socket cannot have. */
export function checkSocketPath(path: string): void {
  const bytes = Buffer.byteLength(path);
  if (bytes > maxSocketPathBytes) {
    throw new ModuleError(
      'SOCKET_INVALID',
      `expected a socket path of at most ${maxSocketPathBytes} bytes, got ${bytes}: ${path}`,
    );
  }
  if (path.includes('\0'))
    throw new ModuleError('SOCKET_INVALID', `expected a socket path without NUL, got ${JSON.stringify(path)}`);
}
