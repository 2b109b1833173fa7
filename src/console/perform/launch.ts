import { randomUUID } from 'node:crypto';
import { messageOf, TransportError } from '../../base/app-error.ts';
import { line } from '../../module/line.ts';
import type { AgentInfo } from '../../protocol/agent-info.ts';
import { createAction, setActionStatus } from '../../store/actions.ts';
import { createCommands, unreachedPrefix } from '../../store/commands.ts';
import { transact } from '../../store/open-store.ts';
import type { Effect } from '../effect.ts';
import type { Event } from '../event.ts';
import { toSendable } from './targets.ts';
import { print, requireAction, type PerformContext } from './context.ts';

/**
 * Stores an action and its commands; sending comes after the console knows of it. Agents that are still being reached are not waited for once the first is
 * there: their commands are sent when they are, or fail with the reason. Throws TransportError when none can be reached.
 */
export async function launch(
  context: PerformContext,
  effect: Effect & { readonly kind: 'launch' },
): Promise<Event & { readonly kind: 'launched' }> {
  const { targets, follow } = effect;
  const { store, fleet, clock } = context;
  const openings = targets.map((target) => fleet.open(target));
  await untilFirst(openings, context.signal());
  const agents = targets.map((target) => fleet.agentOf(target) ?? describeUnreached(target));
  const action = { ...effect.action, target: toSendable(context, effect.action.target, targets) };
  const ref = randomUUID();
  const nowMs = clock.nowMs();
  const expireAfterMs = Date.parse(action.expireafter);
  const id = transact(store, () => {
    const created = createAction(store, { ref, action, investigator: context.investigator, nowMs, expireAfterMs });
    createCommands(store, created, agents, nowMs);
    setActionStatus(store, created, 'inflight', nowMs);
    return created;
  });
  const operations = action.operations.length;
  for (const [at, opened] of openings.entries()) {
    const target = targets[at] ?? '';
    fleet.expect({ ref, action: id, n: at + 1, target, agent: agents[at]?.name ?? target, operations, opened });
  }
  return {
    kind: 'launched',
    action: id,
    name: action.name,
    operations,
    agents: agents.map(({ name }) => name),
    follow,
    nowMs,
    expireAfterMs,
  };
}

/** Resolves when the first agent is there. Throws why none can be reached, or that it was not waited for. */
async function untilFirst(openings: readonly Promise<AgentInfo>[], signal: AbortSignal): Promise<void> {
  const interrupted = Promise.withResolvers<never>();
  const stop = (): void =>
    interrupted.reject(
      new TransportError(
        'AGENT_UNREACHABLE',
        'no agent of the target was reached yet, and none is waited for any longer',
      ),
    );
  if (signal.aborted) stop();
  signal.addEventListener('abort', stop);
  try {
    await Promise.race([Promise.any(openings), interrupted.promise]);
  } catch (error) {
    throw error instanceof AggregateError ? explainNone(error.errors) : error;
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

function explainNone(errors: readonly unknown[]): unknown {
  if (errors.length <= 1) return errors[0];
  const reasons = errors.slice(0, 5).map(messageOf).join('; ');
  return new TransportError('AGENT_UNREACHABLE', `none of ${errors.length} agents can be reached: ${reasons}`);
}

/** What is noted of an agent until it is reached, and when it never is. */
function describeUnreached(target: string): AgentInfo {
  const environment = {
    os: '',
    arch: '',
    ident: '',
    init: '',
    user: '',
    isproxied: false,
    addresses: [],
    modules: [],
  };
  const base = { id: `${unreachedPrefix}${target}`, name: target, version: '', pid: 0, mode: 'stdio' } as const;
  return { ...base, starttime: '', environment, tags: {} };
}

/** Asks the agents of a running action to stop; for another one it says where it stands. */
export function cancel(context: PerformContext, action: number): void {
  const { status } = requireAction(context, action);
  const asked = context.fleet.cancel(action);
  const said =
    asked > 0
      ? `${asked} agent${asked === 1 ? ' is' : 's are'} asked to stop action ${action}: what they found until then is kept`
      : status === 'inflight'
        ? `action ${action} was launched by another console: cancel it there`
        : `action ${action} is ${status}: there is nothing to cancel`;
  print(context, [line(said, asked > 0 ? 'plain' : 'warning')]);
}
