/**
 * Where operations get their process from. A node process takes about 50 ms until it can work: a warm supply keeps one started and loaded, a spare, that
 * waits to be told which module it is. Each process runs one operation, whatever comes from it: nothing of it may reach another.
 */
import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { signalGroup } from '../base/signal-group.ts';
import { formatModuleMessage } from '../protocol/module-message.ts';
import { type AgentProgram, unnamed } from './agent-program.ts';
import type { Limits } from './limits.ts';
import { spawnOperationProcess } from './operation-child.ts';

export interface ChildSupply {
  readonly take: (module: string, limits: Limits) => SuppliedProcess;
  /** Ends what waits; no operation is ended. */
  readonly close: () => void;
}

export interface SuppliedProcess {
  readonly process: ChildProcessWithoutNullStreams;
  /** The line to send before all others: tells a spare which module it is. */
  readonly introduction: string | undefined;
}

export interface SupplyOptions {
  readonly program: AgentProgram;
  /** The limits that nobody lowered: a spare has them. */
  readonly limits: Limits;
  readonly extraPrivacy: boolean;
}

/** A new process for each operation. */
export function createColdSupply({ program, extraPrivacy }: Omit<SupplyOptions, 'limits'>): ChildSupply {
  return {
    take: (module, limits) => ({
      process: spawnOperationProcess(program, childArgs(module, limits, extraPrivacy), limits),
      introduction: undefined,
    }),
    close: () => {},
  };
}

/**
 * One spare, made soon after the supply and again when the operation that took it has ended, or lasts: to start a process takes what the operation
 * needs itself. Without a spare, a new process.
 */
export function createWarmSupply(options: SupplyOptions): ChildSupply {
  const { program, extraPrivacy } = options;
  const cold = createColdSupply(options);
  let spare: ChildProcessWithoutNullStreams | undefined;
  let refill: NodeJS.Timeout | undefined;
  let isClosed = false;
  const prepare = (): void => {
    const child = spawnOperationProcess(program, childArgs(unnamed, options.limits, extraPrivacy), options.limits);
    // A spare that dies while it waits is not replaced before the next operation: what killed it may kill the next one.
    const drop = (): void => {
      if (spare === child) spare = undefined;
    };
    child.once('exit', drop).once('error', drop);
    spare = child;
  };
  const refillIn = (ms: number): void => {
    clearTimeout(refill);
    if (!isClosed && spare === undefined) refill = setTimeout(prepare, ms);
  };
  refillIn(options.limits.spareWaitMs);
  return {
    take: (module, limits) => {
      const child = spare;
      if (child === undefined || limits.memoryBytes !== options.limits.memoryBytes) {
        if (child === undefined) refillIn(options.limits.spareWaitMs);
        return cold.take(module, limits);
      }
      spare = undefined;
      refillIn(options.limits.spareLongWaitMs);
      child.once('exit', () => refillIn(options.limits.spareWaitMs));
      return {
        process: child,
        introduction: formatModuleMessage({ class: 'module', parameters: { name: module } }),
      };
    },
    close: () => {
      isClosed = true;
      clearTimeout(refill);
      if (spare !== undefined) signalGroup(spare.pid, 'SIGKILL');
      spare = undefined;
    },
  };
}

function childArgs(module: string, limits: Limits, extraPrivacy: boolean): readonly string[] {
  return ['-m', module, '--events', String(limits.hitBytes), ...(extraPrivacy ? ['--extra-privacy'] : [])];
}
