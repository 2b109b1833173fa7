import { systemClock } from '../base/clock.ts';
import { readAgentProgram } from './agent-program.ts';
import { createWarmSupply } from './child-supply.ts';
import { defaultLimits } from './limits.ts';
import { createOperationQueue } from './operation-queue.ts';
import { readAgentInfo } from './read-agent-info.ts';
import { serveLink } from './serve-link.ts';

function collectGarbage(): void {
  globalThis.gc?.({ type: 'major', flavor: 'last-resort' });
}

/** `--stdio`: serves one console until it is gone. TERM and INT end the agent as the end of its input does: operations are cancelled first. */
export async function serveStdio(options: { readonly extraPrivacy: boolean }): Promise<void> {
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.once(signal, () => process.stdin.destroy());
  process.stdin.once('close', () => process.stdin.emit('end'));
  const supply = createWarmSupply({
    program: readAgentProgram(),
    limits: defaultLimits,
    extraPrivacy: options.extraPrivacy,
  });
  let rest: NodeJS.Timeout | undefined;
  await serveLink({
    input: process.stdin,
    output: process.stdout,
    info: readAgentInfo('stdio', systemClock.nowMs()),
    supply,
    limits: defaultLimits,
    queue: createOperationQueue(defaultLimits.parallelOperations),
    clock: systemClock,
    // Large results went through this process: what they took is given back to the host once it is quiet. The launcher allows the call.
    onRest: () => {
      clearTimeout(rest);
      rest = setTimeout(collectGarbage, 1000).unref();
    },
  });
  supply.close();
  process.exit(0);
}
