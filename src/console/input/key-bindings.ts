import type { Edit } from './edit-line.ts';

/** What a key means on a line beside editing it. */
export type KeyCommand =
  | 'enter'
  | 'tab'
  | 'up'
  | 'down'
  | 'search'
  | 'escape'
  | 'abort'
  | 'interrupt'
  | 'end-of-input'
  | 'clear-screen';

/** Sequences of xterm, vt220, rxvt and the Linux console. */
const edits: Readonly<Record<string, Edit>> = {
  '\x01': 'start',
  '\x1b[H': 'start',
  '\x1bOH': 'start',
  '\x1b[1~': 'start',
  '\x1b[7~': 'start',
  '\x05': 'end',
  '\x1b[F': 'end',
  '\x1bOF': 'end',
  '\x1b[4~': 'end',
  '\x1b[8~': 'end',
  '\x02': 'left',
  '\x1b[D': 'left',
  '\x1bOD': 'left',
  '\x06': 'right',
  '\x1b[C': 'right',
  '\x1bOC': 'right',
  '\x1bb': 'word-left',
  '\x1bB': 'word-left',
  '\x1b[1;5D': 'word-left',
  '\x1b[1;3D': 'word-left',
  '\x1bOd': 'word-left',
  '\x1bf': 'word-right',
  '\x1bF': 'word-right',
  '\x1b[1;5C': 'word-right',
  '\x1b[1;3C': 'word-right',
  '\x1bOc': 'word-right',
  '\x7f': 'delete-left',
  '\b': 'delete-left',
  '\x1b[3~': 'delete-right',
  '\x1b\x7f': 'kill-word-left',
  '\x1b\b': 'kill-word-left',
  '\x1bd': 'kill-word-right',
  '\x1bD': 'kill-word-right',
  '\x1b[3;5~': 'kill-word-right',
  '\x17': 'kill-argument-left',
  '\x15': 'kill-to-start',
  '\x0b': 'kill-to-end',
  '\x19': 'yank',
  '\x14': 'transpose',
};

const commands: Readonly<Record<string, KeyCommand>> = {
  '\r': 'enter',
  '\t': 'tab',
  '\x1b[A': 'up',
  '\x1bOA': 'up',
  '\x10': 'up',
  '\x1b[B': 'down',
  '\x1bOB': 'down',
  '\x0e': 'down',
  '\x12': 'search',
  '\x1b': 'escape',
  '\x07': 'abort',
  '\x03': 'interrupt',
  '\x04': 'end-of-input',
  '\x0c': 'clear-screen',
};

export function editOf(sequence: string): Edit | undefined {
  return Object.hasOwn(edits, sequence) ? edits[sequence] : undefined;
}

export function keyCommandOf(sequence: string): KeyCommand | undefined {
  return Object.hasOwn(commands, sequence) ? commands[sequence] : undefined;
}
