/** The wire of a persistent module's process: messages of the agent on standard input, its own on standard output, both one JSON object a line. */
import { fstatSync, writeSync } from 'node:fs';
import { Socket } from 'node:net';
import { messageOf } from '../../base/app-error.ts';
import { createLineSplitter } from '../../base/lines.ts';
import { formatModuleMessage, type ModuleMessage, parseModuleMessage } from '../../protocol/module-message.ts';

/**
 * | limit        | default | what happens when it is reached                                                            |
 * |--------------|---------|--------------------------------------------------------------------------------------------|
 * | inputBytes   | 16 MiB  | a longer line of the agent is the end of the input                                         |
 * | loosePending | 1 MiB   | of output that the agent has not taken: logs and events beyond it are dropped and counted  |
 * | mostPending  | 64 MiB  | the same for alerts, and for everything else                                               |
 */
const limits = { inputBytes: 16 * 1024 * 1024, loosePending: 1024 * 1024, mostPending: 64 * 1024 * 1024 };

export interface ModuleWire {
  readonly send: (message: ModuleMessage) => void;
  /** Resolves when everything was taken, or after the limit. */
  readonly flush: (limitMs: number) => Promise<void>;
}

export interface WireEvents {
  readonly onMessage: (message: ModuleMessage) => void;
  /** A line that is no message, or of a class that is not known: MIG passes over those, too. */
  readonly onUnknown: (reason: string) => void;
  readonly onEnd: () => void;
}

export function openModuleWire(events: WireEvents): ModuleWire {
  const output = openOutput();
  // Descriptor 1 is the wire: what a module or a library prints goes to standard error.
  Object.defineProperty(process, 'stdout', { get: () => process.stderr });
  readInput(events);
  let dropped = 0;
  return {
    send: (message) => {
      const isLoose = message.class === 'log' || message.class === 'event';
      if (output.pending() > (isLoose ? limits.loosePending : limits.mostPending)) {
        dropped++;
        return;
      }
      if (dropped > 0) {
        const text = `${dropped} messages were dropped: the agent did not take them`;
        output.write(`${formatModuleMessage({ class: 'log', parameters: { message: text } })}\n`);
        dropped = 0;
      }
      output.write(`${formatModuleMessage(message)}\n`);
    },
    flush: output.flush,
  };
}

function readInput({ onMessage, onUnknown, onEnd }: WireEvents): void {
  const splitter = createLineSplitter({ maxBytes: limits.inputBytes });
  let hasEnded = false;
  const end = (): void => {
    if (hasEnded) return;
    hasEnded = true;
    onEnd();
  };
  const take = (line: string): void => {
    let message: ModuleMessage;
    try {
      message = parseModuleMessage(line);
    } catch (error) {
      return onUnknown(messageOf(error));
    }
    onMessage(message);
  };
  process.stdin.on('data', (chunk: Buffer) => {
    if (hasEnded) return;
    let lines: readonly string[] = [];
    try {
      lines = splitter.push(chunk);
    } catch {
      // Longer than anything that an agent says: whoever writes it is none.
      process.stdin.destroy();
      end();
    }
    lines.forEach(take);
  });
  process.stdin.on('error', end);
  process.stdin.on('end', end);
}

interface Output {
  readonly write: (text: string) => void;
  readonly pending: () => number;
  readonly flush: (limitMs: number) => Promise<void>;
}

/** A pipe is written without waiting for its reader, who may be held up: the module's work goes on. A file or a terminal takes everything at once. */
function openOutput(): Output {
  const kind = fstatSync(1);
  if (!kind.isSocket() && !kind.isFIFO())
    return { write: (text) => void writeSync(1, text), pending: () => 0, flush: async () => {} };
  const socket = new Socket({ fd: 1, readable: false, writable: true });
  // An agent that is gone: the end of the input tells it, too.
  socket.on('error', () => undefined);
  return {
    write: (text) => void socket.write(text),
    pending: () => socket.writableLength,
    flush: (limitMs) =>
      new Promise((resolve) => {
        setTimeout(resolve, limitMs);
        socket.write('', () => resolve());
      }),
  };
}
