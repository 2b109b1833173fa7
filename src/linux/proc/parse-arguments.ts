/** A command line as /proc/PID/cmdline has it: words with NUL behind each, proc_pid_cmdline(5). */
export interface CommandLine {
  /** One character a byte (latin1). */
  readonly args: readonly string[];
  /** There were more bytes; the last word is cut. */
  readonly isCut: boolean;
}

/**
 * The words of the text, of its first `maxBytes` alone. Undefined where it is empty: a thread of the kernel, a process that has ended, one that wiped its own.
 * A process that wrote over its command line may have left out the last NUL.
 */
export function parseArguments(text: string, maxBytes: number): CommandLine | undefined {
  if (text === '') return undefined;
  const isCut = text.length > maxBytes;
  const kept = isCut ? text.slice(0, maxBytes) : text;
  const args = kept.split('\0');
  if (kept.endsWith('\0')) args.pop();
  return { args, isCut };
}
