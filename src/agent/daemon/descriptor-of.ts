import type { Socket } from 'node:net';

/** The descriptor of an open socket, -1 where it has none any more. Node keeps it in a handle that has no public name. */
export function descriptorOf(socket: Socket): number {
  const { _handle: handle } = socket as unknown as { readonly _handle?: { readonly fd?: unknown } | null };
  return typeof handle?.fd === 'number' ? handle.fd : -1;
}
