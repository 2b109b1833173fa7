/** What a persistent module tells, as it happens, from all agents of a target. */
import { ModuleError } from '../../base/app-error.ts';
import { line } from '../../module/line.ts';
import type { AgentLink, LinkState } from '../../transport/link.ts';
import { agentName } from '../agent-words.ts';
import { persistentModules } from '../commands/watch.ts';
import { describeLack } from '../describe-lack.ts';
import type { Effect } from '../effect.ts';
import { createEventLines, type EventLines } from '../event-lines.ts';
import { createMatcher } from '../pipes.ts';
import type { AgentState } from '../state.ts';
import { firstNames, resolveTarget } from '../targets.ts';
import { expandTarget } from './targets.ts';
import { print, printSafe, type PerformContext } from './context.ts';
import { isCondition } from '../../target/compile-target.ts';

type Watch = Effect & { readonly kind: 'watch' };

/** A screen takes in no more than that. */
const flushMs = 100;

/** Resolves when the running command is interrupted. Throws ModuleError MODULE_UNKNOWN where no agent keeps such a module. */
export async function watch(context: PerformContext, effect: Watch): Promise<void> {
  const { module, format } = effect;
  const target = isCondition(effect.target) ? expandTarget(context, effect.target) : effect.target;
  const agents = resolveTarget(context.state(), target, context.clock.nowMs());
  checkKept(context, module, agents);
  // Beside lines of JSON, what is said about the watching would be none.
  const say = (text: string, tone: 'quiet' | 'warning' | 'good'): void => {
    if (format === 'text') print(context, [line(text, tone)]);
    else context.screen.printError?.([line(text, tone)]);
  };
  const printEvent = (await context.findModule(module)?.loadPrinter())?.printEvent;
  const matches = effect.greps.length === 0 ? undefined : createMatcher(effect.greps);
  const lines = createEventLines({ format, printEvent, matches });
  const stops = agents.map((agent) => watchAgent(context, agent, { module, lines, say }));
  say(`watching ${module} on ${firstNames(agents.map(agentName))}: Ctrl-C ends it`, 'quiet');
  for (const lack of agents.flatMap((agent) => describeLack(agent, module) ?? [])) say(lack, 'warning');
  const timer = setInterval(() => flush(context, lines, effect, say), flushMs);
  try {
    await untilAborted(context.signal());
  } finally {
    clearInterval(timer);
    for (const stop of stops) stop();
    flush(context, lines, effect, say);
  }
}

interface Watching {
  readonly module: string;
  readonly lines: EventLines;
  readonly say: (text: string, tone: 'quiet' | 'warning' | 'good') => void;
}

/** Asks the agent, again after each opening of its link. Returns what ends it. */
function watchAgent(context: PerformContext, agent: AgentState, { module, lines, say }: Watching): () => void {
  const link = context.fleet.find(agent.target);
  if (!link) return () => undefined;
  const name = agentName(agent);
  let isOpen = link.state().kind === 'open';
  if (isOpen) link.watch(module, true);
  else say(`${name} is not online: it is watched as soon as it is`, 'warning');
  const changeState = (state: LinkState): void => {
    const wasOpen = isOpen;
    isOpen = state.kind === 'open';
    if (isOpen && !wasOpen) {
      link.watch(module, true);
      say(`${name}: its link is open: watching goes on`, 'good');
    } else if (wasOpen && !isOpen)
      say(`${name}: ${describeEnd(state)}; what happens meanwhile is not seen here`, 'warning');
  };
  const stops = [
    link.onEvent((event) => {
      if (event.module === module) lines.add(name, event);
    }),
    link.onState(changeState),
    () => stopWatching(link, module),
  ];
  return () => stops.forEach((stop) => stop());
}

function stopWatching(link: AgentLink, module: string): void {
  if (link.state().kind === 'open') link.watch(module, false);
}

function describeEnd(state: LinkState): string {
  const reason = state.kind === 'closed' ? (state.how ?? state.reason?.message) : undefined;
  return `its link broke${reason === undefined ? '' : ` (${reason})`}`;
}

/** An agent that is not online may keep the module; those that are have said what they keep. */
function checkKept(context: PerformContext, module: string, agents: readonly AgentState[]): void {
  const mayKeep = agents.some(
    ({ phase, info }) => phase !== 'online' || info?.persistent?.some(({ name }) => name === module),
  );
  if (mayKeep) return;
  const known = persistentModules(context.state());
  const expected = known.length === 0 ? 'a daemon as the agent: these keep none' : `one of ${known.join(', ')}`;
  throw new ModuleError(
    'MODULE_UNKNOWN',
    `no agent of the target keeps a persistent module ${JSON.stringify(module.slice(0, 64))} running: expected ${expected}`,
  );
}

function flush(context: PerformContext, lines: EventLines, { format }: Watch, say: Watching['say']): void {
  const taken = lines.take();
  if (format === 'text') print(context, taken.lines);
  else
    printSafe(
      context,
      taken.lines.map(({ text }) => text),
    );
  const { missed } = taken;
  if (missed > 0) say(`${missed} more events came too fast to be shown`, 'warning');
}

function untilAborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  const { promise, resolve } = Promise.withResolvers<void>();
  signal.addEventListener('abort', () => resolve(), { once: true });
  return promise;
}
