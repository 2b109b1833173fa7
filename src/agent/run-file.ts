/** MIG's `-i FILE`: the operations of an action file, each in its own child, and an array of results in the order of the operations. */
import { readFileSync, statSync } from 'node:fs';
import { AgentError, messageOf } from '../base/app-error.ts';
import { systemClock } from '../base/clock.ts';
import { visible } from '../base/visible.ts';
import { parseAction, zeroTime } from '../protocol/action.ts';
import { loadModule } from '../../modules/load.ts';
import type { AgentProgram } from './agent-program.ts';
import { createColdSupply } from './child-supply.ts';
import { defaultLimits } from './limits.ts';
import { createOperationQueue } from './operation-queue.ts';
import { runAction } from './run-action.ts';

const maxFileBytes = 64 * 1024 * 1024;

export async function runFile(
  path: string,
  options: { readonly program: AgentProgram; readonly pretty: boolean; readonly extraPrivacy: boolean },
): Promise<void> {
  const { action, notices } = parseAction(readActionFile(path));
  if (action.operations.length === 0) {
    throw new AgentError('ACTION_INVALID', `${path}: expected at least one operation, got none`);
  }
  for (const notice of notices) process.stderr.write(`${visible(path)}: ${visible(notice)}\n`);
  const stop = new AbortController();
  const cancel = (): void => stop.abort();
  process.once('SIGINT', cancel);
  process.once('SIGTERM', cancel);

  // A file from the shelf has no validity, or one long past: running it by hand means now.
  const ends = await runAction(
    { ...action, validfrom: zeroTime, expireafter: zeroTime },
    {
      ref: path,
      supply: createColdSupply(options),
      limits: defaultLimits,
      queue: createOperationQueue(defaultLimits.parallelOperations),
      clock: systemClock,
      signal: stop.signal,
      report: () => {},
    },
  );
  process.off('SIGINT', cancel);
  process.off('SIGTERM', cancel);
  if (!options.pretty) {
    process.stdout.write(`${JSON.stringify(ends.map(({ result }) => result))}\n`);
    return;
  }
  for (const [at, { result }] of ends.entries()) {
    const name = action.operations[at]?.module ?? '';
    process.stdout.write(`operation ${at + 1}: ${visible(name)}\n`);
    const printer = await (await loadModule(name))?.loadPrinter();
    const lines = printer?.printResults(result, { matchOnly: false }).map(({ text }) => text) ?? result.errors ?? [];
    for (const text of lines) process.stdout.write(`${visible(text)}\n`);
  }
}

function readActionFile(path: string): string {
  try {
    const { size } = statSync(path);
    if (size > maxFileBytes) throw new Error(`expected at most ${maxFileBytes} bytes, got ${size}`);
    return readFileSync(path, 'utf8');
  } catch (cause) {
    throw new AgentError('FILE_UNREADABLE', `${path}: ${messageOf(cause)}`, { cause });
  }
}
