/** What a target means, over all agents that are known: those of this console, and those that answered to earlier actions. */
import { line, type Line } from '../../module/line.ts';
import { readCommands } from '../../store/commands.ts';
import { compileTarget, isCondition } from '../../target/compile-target.ts';
import { expandFound, quoteText } from '../../target/expand-target.ts';
import { toRow } from '../../target/to-row.ts';
import { countAgents, firstNames, toShownRow } from '../targets.ts';
import { print, requireAction, type PerformContext } from './context.ts';
import { listAgents, type KnownAgent } from './show-agents.ts';

/** Says whom a condition means, whom it would mean if they were online, and who could not be judged. */
export function showTarget(context: PerformContext, target: string, options: { readonly ids: boolean }): void {
  const agents = listAgents(context);
  const nowMs = context.clock.nowMs();
  using condition = compileTarget(target, { nowMs: () => nowMs });
  const matching = agents.filter(
    ({ name, info, status, lastSeenMs }) =>
      info !== undefined && condition.matches(toShownRow(info, { name, status, heardMs: lastSeenMs ?? 0 })),
  );
  const meant = matching.filter(({ status }) => status === 'online');
  const absent = matching.filter(({ status }) => status !== 'online');
  const unjudged = agents.filter(({ info }) => info === undefined);
  print(context, [
    describeMeant(target, meant, agents),
    ...(options.ids ? meant.map(({ name, info }) => line(`  ${info?.id ?? '-'}  ${name}`)) : []),
    ...describeOthers('match too and are not asked, as they are not online', absent),
    ...describeOthers('cannot be judged, as they never answered', unjudged),
  ]);
}

function describeMeant(target: string, meant: readonly KnownAgent[], agents: readonly KnownAgent[]): Line {
  const shown = target.length > 200 ? `${target.slice(0, 200)}...` : target;
  if (meant.length > 0) {
    const match = meant.length === 1 ? 'matches and is' : 'match and are';
    return line(
      `target ${shown}: ${countAgents(meant.length)} ${match} online: ${firstNames(meant.map(({ name }) => name))}`,
    );
  }
  const online = agents.filter(({ status }) => status === 'online').map(({ name }) => name);
  const others = online.length === 0 ? 'none is online' : `online: ${firstNames(online)}`;
  return line(`target ${shown}: 0 agents match and are online (${others})`, 'warning');
}

function describeOthers(what: string, agents: readonly KnownAgent[]): readonly Line[] {
  if (agents.length === 0) return [];
  const names = agents.map(({ name, status }) => `${name} (${status})`);
  return [line(`${agents.length} ${what}: ${firstNames(names)}`, 'quiet')];
}

/**
 * The target as agents can judge it. Names and tags of hosts are this console's: an agent that is meant for their sake does not know them, and would refuse a
 * condition on them, so that those who are meant are named by their ids.
 */
export function toSendable(context: PerformContext, target: string, targets: readonly string[]): string {
  if (!isCondition(target)) return target;
  const states = targets.map((one) => context.fleet.find(one)?.state());
  const infos = states.flatMap((state) => (state?.kind === 'open' ? [state.agent] : []));
  const nowMs = context.clock.nowMs();
  using condition = compileTarget(target, { nowMs: () => nowMs });
  if (infos.every((info) => condition.matches(toRow(info, { status: 'online', heardMs: nowMs })))) return target;
  return `id IN (${infos.map(({ id }) => quoteText(id)).join(',')})`;
}

/**
 * The condition with found(N) and notfound(N) as lists of ids. An agent found something if any operation did, and is in `notfound` if none did and it
 * answered: in MIG an agent with two operations could be in both. Throws ConsoleError ID_UNKNOWN.
 */
export function expandTarget(context: PerformContext, text: string): string {
  return expandFound(text, (action, found) => {
    requireAction(context, action);
    const commands = [...readCommands(context.store, { action })];
    const finders = new Set(commands.filter((command) => command.found).map(({ agent }) => agent.id));
    if (found) return [...finders];
    const answered = commands.filter(({ status, agent }) => status === 'success' && !finders.has(agent.id));
    return [...new Set(answered.map(({ agent }) => agent.id))];
  });
}
