import { randomUUID } from 'node:crypto';
import { line } from '../../module/line.ts';
import { createAction, setActionStatus } from '../../store/actions.ts';
import { createCommands } from '../../store/commands.ts';
import { transact } from '../../store/open-store.ts';
import type { Effect } from '../effect.ts';
import type { Event } from '../event.ts';
import { print, requireAction, type PerformContext } from './context.ts';

/** Stores an action and its commands; sending comes after the console knows of it. Throws TransportError when an agent cannot be reached. */
export async function launch(
  context: PerformContext,
  effect: Effect & { readonly kind: 'launch' },
): Promise<Event & { readonly kind: 'launched' }> {
  const { action, targets, follow } = effect;
  const { store, fleet, clock } = context;
  const agents = await Promise.all(targets.map((target) => fleet.open(target)));
  const ref = randomUUID();
  const nowMs = clock.nowMs();
  const expireAfterMs = Date.parse(action.expireafter);
  const id = transact(store, () => {
    const created = createAction(store, { ref, action, investigator: context.investigator, nowMs, expireAfterMs });
    createCommands(store, created, agents, nowMs);
    setActionStatus(store, created, 'inflight', nowMs);
    return created;
  });
  agents.forEach((agent, at) =>
    fleet.expect({ ref, action: id, n: at + 1, target: targets[at] ?? '', agent: agent.name }),
  );
  return {
    kind: 'launched',
    action: id,
    name: action.name,
    operations: action.operations.length,
    agents: agents.map(({ name }) => name),
    follow,
    nowMs,
    expireAfterMs,
  };
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
