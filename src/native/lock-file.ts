import { openLibrary } from './open-library.ts';
import { createSystemError } from './system-error.ts';

/** LOCK_EX | LOCK_NB of flock(2). */
const exclusiveAtOnce = 2 | 4;
const wouldBlock = 11;
const interrupted = 4;

/** False on a host or with a Node where `lockFile` can only throw. */
export function canLockFiles(): boolean {
  return openFlock() !== undefined;
}

/**
 * Takes the exclusive lock of flock(2) on an open file, without waiting: false where another open of the file has it. It lasts as long as the descriptor
 * and its copies, and ends with the process however that ends. Throws the system's error.
 */
export function lockFile(fd: number): boolean {
  const library = openFlock();
  if (!library) throw new Error('flock(2) cannot be called here: it takes Linux and a Node with node:ffi');
  for (;;) {
    if (library.call.flock(fd, exclusiveAtOnce) === 0) return true;
    const problem = library.errno();
    if (problem === wouldBlock) return false;
    if (problem !== interrupted) throw createSystemError('flock', problem);
  }
}

function openFlock() {
  return openLibrary({ flock: { return: 'int32', arguments: ['int32', 'int32'] } });
}
