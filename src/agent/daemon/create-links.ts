import type { Socket } from 'node:net';
import { createListeners } from '../../base/listeners.ts';
import type { LinkCore } from '../link-core.ts';
import { serveLink } from '../serve-link.ts';

/** The consoles that are connected to a daemon. */
export interface Links {
  /** Serves one until it is gone. */
  readonly serve: (socket: Socket, peer: string) => Promise<void>;
  readonly open: () => number;
  /** Told when one was opened. Returns the unsubscribe. */
  readonly onOpen: (listener: () => void) => () => void;
  /** Ends all from this side. */
  readonly end: () => void;
}

/** An action with many operations fits; a console that sends more in one line loses its link. */
const maxFrameBytes = 64 * 1024 * 1024;

export function createLinks(core: LinkCore, options: { readonly onCount: (open: number) => void }): Links {
  const ending = new AbortController();
  const opened = createListeners<[]>();
  let open = 0;
  const count = (change: 1 | -1): void => {
    open += change;
    options.onCount(open);
  };
  return {
    serve: async (socket, peer) => {
      count(1);
      opened.tell();
      try {
        await serveLink({ input: socket, output: socket, core, peer, maxFrameBytes, signal: ending.signal });
      } finally {
        count(-1);
      }
    },
    open: () => open,
    onOpen: opened.add,
    end: () => ending.abort(),
  };
}
