import { systemClock } from '../base/clock.ts';
import { readAgentProgram } from './agent-program.ts';
import { createWarmSupply } from './child-supply.ts';
import { createActionTable } from './create-action-table.ts';
import type { Limits } from './limits.ts';
import { createOperationQueue } from './operation-queue.ts';
import { readAgentInfo } from './read-agent-info.ts';
import { serveLink } from './serve-link.ts';

/** An agent of one console, on these streams: when the console is gone its operations are cancelled and it resolves. */
export async function serveOwn(options: {
  readonly input: NodeJS.ReadableStream;
  readonly output: NodeJS.WritableStream;
  readonly limits: Limits;
  readonly extraPrivacy: boolean;
  /** What this agent is called and tagged, where that is configured. */
  readonly name?: string;
  readonly tags?: Readonly<Record<string, string>>;
  /** Why the daemon of this host does not serve instead; undefined where none is there. */
  readonly daemonUnused?: string | undefined;
}): Promise<void> {
  const { limits, extraPrivacy } = options;
  const supply = createWarmSupply({ program: readAgentProgram(), limits, extraPrivacy });
  const started = systemClock.nowMs();
  let rest: NodeJS.Timeout | undefined;
  const info = () => readAgentInfo('stdio', started, { name: options.name, tags: options.tags });
  const table = createActionTable({
    info,
    daemonUnused: options.daemonUnused,
    supply,
    limits,
    queue: createOperationQueue(limits.parallelOperations),
    clock: systemClock,
    // Large results went through this process: what they took is given back to the host once it is quiet. The launcher allows the call.
    onRest: () => {
      clearTimeout(rest);
      rest = setTimeout(collectGarbage, 1000).unref();
    },
  });
  await serveLink({ input: options.input, output: options.output, core: { info, table }, onGone: table.stop });
  supply.close();
}

export function collectGarbage(): void {
  globalThis.gc?.({ type: 'major', flavor: 'last-resort' });
}
