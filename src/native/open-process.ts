import { openLibrary } from './open-library.ts';
import { createSystemError } from './system-error.ts';

/** A process to send a signal to, and to wait for. */
export interface ProcessHandle {
  /** Sends a signal; 0 only asks whether it may. Throws the system's error (ESRCH, EPERM). */
  readonly signal: (number: 0 | 9 | 15) => void;
  /** True once it has ended, also while nobody has waited for it (a zombie). Undefined where the kernel has no handles: then /proc has to tell. */
  readonly hasEnded: () => boolean | undefined;
  readonly close: () => void;
}

/** System calls that have these numbers on all architectures Node is built for (pidfd_open(2), pidfd_send_signal(2), close(2) by the C library). */
const pidfdOpen = 434n;
const pidfdSendSignal = 424n;
/** ENOSYS of older kernels, EPERM of filters of system calls: pidfd_open itself knows neither. */
const notOffered = new Set([38, 1]);
/** struct pollfd {int fd; short events; short revents}, poll(2). */
const pollBytes = 8;
const readable = 1;

/**
 * A handle that means this very process even when it ends and its id is given to another: a pidfd, of Linux 5.3. Where there is none the id itself
 * is used, and only the look at the time of its start, directly before, tells that it is still the same. Throws the system's error.
 */
export function openProcess(pid: number): ProcessHandle {
  const library = openLibrary({
    syscall: { return: 'int64', arguments: ['int64', 'int64', 'int64', 'int64', 'int64'] },
    poll: { return: 'int32', arguments: ['pointer', 'uint64', 'int32'] },
    close: { return: 'int32', arguments: ['int32'] },
  });
  if (!library) return openById(pid);
  const { call, errno, addressOf } = library;
  const fd = call.syscall(pidfdOpen, BigInt(pid), 0n, 0n, 0n);
  if (fd < 0n) {
    const problem = errno();
    if (notOffered.has(problem)) return openById(pid);
    throw createSystemError('pidfd_open', problem);
  }
  const wanted = Buffer.allocUnsafeSlow(pollBytes);
  return {
    signal: (number) => {
      if (call.syscall(pidfdSendSignal, fd, BigInt(number), 0n, 0n) < 0n)
        throw createSystemError('pidfd_send_signal', errno());
    },
    hasEnded: () => {
      wanted.writeInt32LE(Number(fd), 0);
      wanted.writeInt16LE(readable, 4);
      wanted.writeInt16LE(0, 6);
      // Never waits: a limit of 0 ms. An interrupted call says "not yet".
      return call.poll(addressOf(wanted), 1n, 0) > 0;
    },
    close: () => void call.close(Number(fd)),
  };
}

function openById(pid: number): ProcessHandle {
  return { signal: (number) => void process.kill(pid, number), hasEnded: () => undefined, close: () => {} };
}
