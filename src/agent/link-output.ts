import { formatFrame, type ToConsoleFrame } from '../protocol/frame.ts';

/** Frames to one console, in order, and how well it reads them. */
export interface LinkOutput {
  /** Writes it. The promise, if there is one, resolves when the console has read enough to be sent more, or is gone. */
  readonly send: (frame: ToConsoleFrame) => Promise<void> | undefined;
  /** The console has more to read than it should be sent. */
  readonly isFull: () => boolean;
  /** Resolves when the output is not full, or ended. */
  readonly whenRoom: () => Promise<void>;
  /** Nothing is written any more, and nobody waits. */
  readonly end: () => void;
}

export function createLinkOutput(output: NodeJS.WritableStream & { readonly writableNeedDrain?: boolean }): LinkOutput {
  let room: PromiseWithResolvers<void> | undefined;
  let hasEnded = false;
  const open = (): void => {
    room?.resolve();
    room = undefined;
  };
  const waitForRoom = (): Promise<void> => (room ??= Promise.withResolvers<void>()).promise;
  output.on('drain', open);
  return {
    send: (frame) => {
      if (hasEnded) return undefined;
      return output.write(formatFrame(frame)) ? undefined : waitForRoom();
    },
    isFull: () => output.writableNeedDrain ?? false,
    whenRoom: () => (!hasEnded && output.writableNeedDrain ? waitForRoom() : Promise.resolve()),
    end: () => {
      hasEnded = true;
      output.off('drain', open);
      open();
    },
  };
}
