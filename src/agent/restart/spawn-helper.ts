import { spawn } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import { messageOf } from '../../base/app-error.ts';
import { readIdentity, type ProcessIdentity } from '../../linux/proc/process-identity.ts';
import type { AgentProgram } from '../agent-program.ts';
import {
  cancelWord,
  formatOrder,
  goWord,
  maxOrderBytes,
  readyWord,
  wordLimitMs,
  type RestartOrder,
} from './restart-order.ts';

/** A helper that holds the agent and waits for a word. */
export interface RestartHelper {
  readonly identity: ProcessIdentity;
  readonly begin: () => void;
  readonly cancel: () => void;
  /** Called at most once, when the helper has ended while this process still runs. */
  readonly onEnd: (listener: (how: string) => void) => void;
}

/**
 * Starts the helper: in a session of its own, so that no signal to the agent's group reaches it, with the agent's environment, folder, mask, standard
 * output and standard error, which the new agent gets from it. Resolves when it is ready; or to why it is not, and then it is gone, too.
 */
export function spawnHelper(
  program: AgentProgram,
  order: RestartOrder,
  options: { readonly ackLimitMs?: number } = {},
): Promise<RestartHelper | string> {
  const settled = Promise.withResolvers<RestartHelper | string>();
  const { ackLimitMs = wordLimitMs } = options;
  const line = formatOrder(order);
  if (line.length > maxOrderBytes) return Promise.resolve(`the order for the helper is too long: ${line.length} bytes`);
  const child = spawn(program.command, [...program.args, '--restart-helper'], {
    stdio: ['pipe', 'inherit', 'inherit', 'pipe'],
    detached: true,
  });
  const orders = child.stdio[0] as Writable;
  const words = child.stdio[3] as Readable;
  let ended: string | undefined;
  let listener: ((how: string) => void) | undefined;
  const end = (how: string): void => {
    if (ended !== undefined) return;
    ended = how;
    clearTimeout(timer);
    settled.resolve(how);
    listener?.(how);
  };
  // What has not said that it is ready must not begin later.
  const timer = setTimeout(() => {
    child.kill('SIGKILL');
    end(`the helper did not say within ${ackLimitMs / 1000} s that it is ready`);
  }, ackLimitMs);
  child.on('error', (error) => end(`the helper could not be started: ${messageOf(error)}`));
  child.on('exit', (code, signal) =>
    end(
      `the helper (pid ${child.pid ?? 'unknown'}) ${signal === null ? `ended with status ${code}` : `was ended by ${signal}`}`,
    ),
  );
  // A helper that is gone breaks the pipes; its end is told by 'exit'.
  orders.on('error', () => undefined);
  words.on('error', () => undefined);
  let said = '';
  words.setEncoding('utf8').on('data', (text: string) => {
    said = (said + text).slice(0, 64);
    if (!said.startsWith(`${readyWord}\n`) || ended !== undefined) return;
    clearTimeout(timer);
    const identity = child.pid === undefined ? undefined : readIdentity(child.pid);
    if (identity === undefined) return;
    child.unref();
    settled.resolve({
      identity,
      begin: () => void orders.end(`${goWord}\n`),
      cancel: () => void orders.end(`${cancelWord}\n`),
      onEnd: (told) => {
        listener = told;
        if (ended !== undefined) told(ended);
      },
    });
  });
  orders.write(line);
  return settled.promise;
}
