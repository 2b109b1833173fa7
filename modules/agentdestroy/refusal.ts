import { ModuleError } from '../../src/base/app-error.ts';

/** The reason why nothing is done, as the error of the run. */
export function refuse(reason: string, cause?: unknown): ModuleError {
  return new ModuleError('DESTROY_REFUSED', `nothing was done: ${reason}`, { cause });
}

/** The same after the executable was removed already. */
export function refuseHalfDone(removed: string, reason: string, cause: unknown): ModuleError {
  return new ModuleError('DESTROY_REFUSED', `the executable was removed from ${removed}, but ${reason}`, { cause });
}
