import type { Socket } from 'node:net';
import { type AppError, ProtocolError } from '../../base/app-error.ts';
import { maxRequestBytes } from '../../protocol/control.ts';

/** Reads up to the first line end, in bounded time and memory. The socket is paused then, and what came behind the line handed over with it. */
export function readFirstLine(
  socket: Socket,
  waitMs: number,
  told: {
    readonly onLine: (line: string, rest: Buffer) => void;
    readonly onProblem: (error: AppError) => void;
    readonly onGone: () => void;
  },
): void {
  let held: Buffer = Buffer.alloc(0);
  const finish = (): void => {
    clearTimeout(limit);
    socket.off('data', read).off('end', end).off('close', gone);
    socket.pause();
  };
  const read = (chunk: Buffer): void => {
    held = held.length === 0 ? chunk : Buffer.concat([held, chunk]);
    const at = held.indexOf(10);
    if (at < 0 && held.length <= maxRequestBytes) return;
    finish();
    if (at < 0 || at > maxRequestBytes) {
      told.onProblem(
        new ProtocolError('LINE_TOO_LONG', `expected a first line of at most ${maxRequestBytes} bytes, got more`),
      );
    } else told.onLine(held.toString('utf8', 0, at), held.subarray(at + 1));
  };
  const end = (): void => {
    finish();
    told.onProblem(new ProtocolError('FRAME_INVALID', 'expected a line of JSON, got the end of the connection'));
  };
  const gone = (): void => {
    finish();
    told.onGone();
  };
  const limit = setTimeout(() => {
    finish();
    told.onProblem(new ProtocolError('FRAME_INVALID', `expected a line of JSON within ${waitMs / 1000} s, got none`));
  }, waitMs);
  socket.on('data', read).on('end', end).on('close', gone);
}
