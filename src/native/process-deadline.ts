import { constants } from 'node:os';
import { openLibrary } from './open-library.ts';

/** What the kernel does to this process when nobody else can. */
export interface ProcessDeadline {
  /** Sends TERM when the parent's main thread ends (PR_SET_PDEATHSIG). A parent that is dead already does not count: look at process.ppid after it. */
  readonly endWithParent: () => boolean;
  /** Ends the process by ALRM after so many seconds unless it is called again, even if its event loop stands still (alarm(2)); 0 = never. */
  readonly endAfter: (seconds: number) => void;
}

/** PR_SET_PDEATHSIG of prctl(2) */
const setParentDeathSignal = 1;

/** Undefined where this is no Linux or native calls are not to be had. */
export function openProcessDeadline(): ProcessDeadline | undefined {
  if (process.platform !== 'linux') return undefined;
  // prctl is variadic; on the architectures that Node is built for, whole numbers travel as for any other function.
  const library = openLibrary({
    prctl: { return: 'int32', arguments: ['int32', 'uint64', 'uint64', 'uint64', 'uint64'] },
    alarm: { return: 'uint32', arguments: ['uint32'] },
  });
  if (!library) return undefined;
  return {
    endWithParent: () => library.call.prctl(setParentDeathSignal, BigInt(constants.signals.SIGTERM), 0n, 0n, 0n) === 0,
    endAfter: (seconds) => void library.call.alarm(seconds),
  };
}
