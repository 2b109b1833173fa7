import type { Socket } from 'node:net';

/**
 * Writes it and closes when the other side has read it and closes, too, but in bounded time. Closed at once, the other side would find its own next write
 * refused, and might not come to read why.
 */
export function sayLastWord(socket: Socket, text: string, waitMs: number): void {
  if (socket.destroyed || socket.writableEnded) return;
  const limit = setTimeout(() => socket.destroy(), waitMs);
  socket.once('close', () => clearTimeout(limit));
  socket.end(text);
  if (socket.readableEnded) socket.once('finish', () => socket.destroy());
  else socket.once('end', () => socket.destroy());
  // What it still sends is of no interest, and unread it would keep the connection open.
  socket.resume();
}
