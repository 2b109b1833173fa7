import { constants } from 'node:os';
import { openLibrary } from '../../native/open-library.ts';

/** linux/prctl.h */
const setParentDeathSignal = 1;

/**
 * Makes the kernel end this process when the one that started it is gone (prctl(2), PR_SET_PDEATHSIG). One that scans does not notice by itself, and a scan may
 * take hours. Does nothing where there is no such call: the process ends with its present scan there.
 */
export function endWithParent(): void {
  if (process.platform !== 'linux') return;
  const library = openLibrary({ prctl: { return: 'int32', arguments: ['int32', 'uint64'] } });
  library?.call.prctl(setParentDeathSignal, BigInt(constants.signals.SIGKILL));
}
