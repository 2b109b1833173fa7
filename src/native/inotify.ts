/**
 * The kernel's notices of what happens in folders. Source: inotify(7).
 *
 * Node's event loop waits for the instance itself, so no thread is kept waiting and an idle instance costs nothing. Node only takes descriptors of a few
 * kinds, and an instance of inotify is none of them; but it looks at the kind once, when it opens one. So it opens a pipe, and before it waits for it the
 * first time the instance is put in the pipe's place (dup3(2)).
 */
import { Socket } from 'node:net';
import { createSystemError } from './system-error.ts';
import { openLibrary } from './open-library.ts';

export interface Inotify {
  /** The number of the watch, or minus the errno. The same object has the same number for as long as it is watched. */
  readonly add: (path: Uint8Array | string, mask: number) => number;
  readonly remove: (watch: number) => void;
  /** Ends all watches. */
  readonly close: () => void;
}

export interface InotifyListener {
  /** What was read: whole events, one or many. */
  readonly onBytes: (bytes: Buffer) => void;
  /** The instance can no longer be read. */
  readonly onError: (error: Error) => void;
}

const closeOnExec = 0o2_000_000;
const nonBlocking = 0o4_000;

/** Opens such instances; undefined where this host or this Node cannot. What it returns throws a system error (EMFILE: fs.inotify.max_user_instances). */
export function loadInotify(): ((listener: InotifyListener) => Inotify) | undefined {
  if (process.platform !== 'linux') return undefined;
  const library = openLibrary({
    inotify_init1: { return: 'i32', arguments: ['i32'] },
    inotify_add_watch: { return: 'i32', arguments: ['i32', 'buffer', 'u32'] },
    inotify_rm_watch: { return: 'i32', arguments: ['i32', 'i32'] },
    pipe2: { return: 'i32', arguments: ['buffer', 'i32'] },
    dup3: { return: 'i32', arguments: ['i32', 'i32', 'i32'] },
    close: { return: 'i32', arguments: ['i32'] },
  });
  if (!library) return undefined;
  const { call, errno } = library;

  const openPipe = (): readonly [number, number] => {
    const ends = Buffer.alloc(8);
    if (call.pipe2(ends, closeOnExec | nonBlocking) < 0) throw createSystemError('pipe2', errno());
    return [ends.readInt32LE(0), ends.readInt32LE(4)];
  };

  return ({ onBytes, onError }) => {
    const instance = call.inotify_init1(closeOnExec | nonBlocking);
    if (instance < 0) throw createSystemError('inotify_init1', errno());
    const [place, other] = openPipe();
    // Not read before there is a listener: manualStart is not among the documented options.
    const options = { fd: place, readable: true, writable: false, manualStart: true };
    const reader = new Socket(options);
    const failed = call.dup3(instance, place, closeOnExec) < 0 ? errno() : 0;
    call.close(instance);
    call.close(other);
    if (failed !== 0) {
      reader.destroy();
      throw createSystemError('dup3', failed);
    }
    let isOpen = true;
    reader.on('data', onBytes).on('error', onError);
    return {
      add: (path, mask) => {
        const watch = isOpen ? call.inotify_add_watch(place, endWithNul(path), mask) : -1;
        return watch < 0 ? -(errno() || 1) : watch;
      },
      remove: (watch) => {
        if (isOpen) call.inotify_rm_watch(place, watch);
      },
      close: () => {
        isOpen = false;
        reader.destroy();
      },
    };
  };
}

function endWithNul(path: Uint8Array | string): Buffer {
  return Buffer.concat([Buffer.from(path as string), Buffer.of(0)]);
}
