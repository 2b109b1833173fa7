import { openProcess, type ProcessHandle } from '../../src/native/open-process.ts';

/** What the module works on; a test brings processes of its own making. */
export interface Host {
  readonly procFolder: string;
  /** The process of this run. */
  readonly ownPid: number;
  readonly open: (pid: number) => Pick<ProcessHandle, 'signal' | 'close'>;
}

export const systemHost: Host = { procFolder: '/proc', ownPid: process.pid, open: openProcess };
