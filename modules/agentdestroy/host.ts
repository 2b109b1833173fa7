import { openProcess, type ProcessHandle } from './open-process.ts';

/** What the module works on; a test brings processes of its own making. */
export interface Host {
  readonly procFolder: string;
  /** The process of this run. */
  readonly ownPid: number;
  readonly open: (pid: number) => ProcessHandle;
}

export const systemHost: Host = { procFolder: '/proc', ownPid: process.pid, open: openProcess };
