import { readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { isDenied } from '../errno.ts';
import { parseStatus } from './parse-status.ts';

/** What a process runs, and who started it. */
export interface ProcessProgram {
  /** The path of its executable, one character a byte (latin1), " (deleted)" behind it when the file is gone; undefined for threads of the kernel and without the right to know. */
  readonly executable: string | undefined;
  /** What the kernel said where it has an executable, or may have one, that this process has no right to know. */
  readonly denied: unknown;
  /** False for threads of the kernel, and for a process that has ended but not been waited for. */
  readonly hasMemory: boolean;
  /** The name it calls itself by, at most 15 bytes. */
  readonly name: string;
  readonly parent: number;
}

/** The words of a process's command line as it was started, the first ones, one character a byte (latin1); none when the process is gone or has none. */
export function readCommandLine(pid: number, options: { readonly procFolder: string }): readonly string[] {
  try {
    const text = readFileSync(join(options.procFolder, String(pid), 'cmdline'), 'latin1');
    return text.slice(0, maxCommandBytes).split('\0').slice(0, maxWords);
  } catch {
    // The process has ended.
    return [];
  }
}

const maxCommandBytes = 64 * 1024;
const maxWords = 16;

/** Undefined when the process is gone. Of one whose status may not be read (/proc mounted with hidepid) nothing is known. */
export function readProgram(pid: number, options: { readonly procFolder: string }): ProcessProgram | undefined {
  const folder = join(options.procFolder, String(pid));
  try {
    const text = readFileSync(join(folder, 'status'), 'utf8');
    const parent = Number(/\nPPid:\t(\d+)\n/.exec(text)?.[1] ?? 0);
    const hasMemory = /\nVmSize:/.test(text);
    const { executable, denied } = readLink(join(folder, 'exe'));
    return {
      executable,
      denied: hasMemory ? denied : undefined,
      hasMemory,
      name: parseStatus(text)?.name ?? '',
      parent,
    };
  } catch (error) {
    if (isDenied(error)) return { executable: undefined, denied: error, hasMemory: true, name: '', parent: 0 };
    // Reading the status of a process fails else only when it has ended.
    return undefined;
  }
}

function readLink(path: string): { readonly executable: string | undefined; readonly denied?: unknown } {
  try {
    return { executable: readlinkSync(path, 'latin1') };
  } catch (error) {
    // A thread of the kernel has none, of a process of another user it may not be read.
    return { executable: undefined, denied: isDenied(error) ? error : undefined };
  }
}
