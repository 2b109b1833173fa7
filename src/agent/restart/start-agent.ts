import { spawn, type ChildProcess } from 'node:child_process';
import { readFileSync, readlinkSync } from 'node:fs';
import { messageOf } from '../../base/app-error.ts';

/** How a process was started, so that it can be started again the same way. Folder and mask are inherited from it by its child, the helper. */
export interface StartFacts {
  readonly executable: string;
  /** With the name it was called by. */
  readonly argv: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
}

/** Throws the system's error. The path of an executable that was replaced while it ran leads to the new one. */
export function readStartFacts(pid: number): StartFacts {
  const texts = (file: string): readonly string[] =>
    readFileSync(`/proc/${pid}/${file}`, 'utf8').split('\0').slice(0, -1);
  const pairs = texts('environ').map((text): [string, string] => {
    const at = text.indexOf('=', 1);
    return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)];
  });
  return {
    executable: readlinkSync(`/proc/${pid}/exe`).replace(/ \(deleted\)$/, ''),
    argv: texts('cmdline'),
    environment: Object.fromEntries(pairs),
  };
}

/**
 * Starts it: standard output and error are ours, in a session of its own, with no other descriptor. Resolves to the process once the system has executed
 * it; rejects with the system's error.
 */
export function startAgent({ executable, argv, environment }: StartFacts): Promise<ChildProcess> {
  const started = Promise.withResolvers<ChildProcess>();
  const [argv0 = executable, ...args] = argv;
  try {
    const child = spawn(executable, args, {
      argv0,
      env: environment,
      stdio: ['ignore', 'inherit', 'inherit'],
      detached: true,
    });
    child.once('error', (error) => started.reject(new Error(`${executable}: ${messageOf(error)}`, { cause: error })));
    child.once('spawn', () => started.resolve(child));
  } catch (error) {
    started.reject(error instanceof Error ? error : new Error(messageOf(error)));
  }
  return started.promise;
}
