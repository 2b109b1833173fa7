/**
 * The agents that this console talks to: opens their links, also again by itself where a daemon was lost, sends commands, and tells what became of those
 * whose agent is gone. Every command that was sent comes to an end.
 */
import { setTimeout as pauseFor } from 'node:timers/promises';
import { ConsoleError, messageOf, reportOf } from '../base/app-error.ts';
import type { AgentInfo } from '../protocol/agent-info.ts';
import type { Action } from '../protocol/action.ts';
import { setCommandAgent } from '../store/commands.ts';
import type { Store } from '../store/open-store.ts';
import type { AgentLink, LinkState } from '../transport/link.ts';
import { agentName } from './agent-words.ts';
import type { Event } from './event.ts';
import { reopenLink, type ReopenOptions } from './fleet/reopen-link.ts';
import { createSentCommands, type NewCommand, type SentCommand } from './fleet/sent-commands.ts';
import { toAgentState } from './fleet/to-agent-state.ts';
import type { AgentState } from './state.ts';

export interface Fleet {
  readonly targets: () => readonly string[];
  /** What is known of each agent now. */
  readonly states: () => readonly AgentState[];
  /** Opens the link where it is not open; the agent under the name that the console calls it by. Throws TransportError. */
  readonly open: (target: string) => Promise<AgentInfo>;
  /** From now on reports of this ref from this agent belong to the command. */
  readonly expect: (command: NewCommand) => void;
  /** Sends the action to all agents expected for it, to those that are still being reached when they are. What cannot be sent ends the command. */
  readonly dispatch: (action: number, body: Action) => void;
  /** Asks the agents to stop; returns how many were asked. */
  readonly cancel: (action: number) => number;
  /** Ends the commands of an action that have no answer. */
  readonly expire: (action: number) => void;
  /** The agent of a target under the name that the console calls it by, when its link is open. */
  readonly agentOf: (target: string) => AgentInfo | undefined;
  /** The link to a target: for asking its agent for alerts, and for watching its modules. */
  readonly find: (target: string) => AgentLink | undefined;
  /** One more agent to talk to; nothing is opened yet. */
  readonly add: (link: AgentLink, tags?: Tags) => void;
  /** Ends what its agent still runs, and the link. */
  readonly remove: (target: string) => Promise<void>;
  readonly close: () => Promise<void>;
}

export type Tags = Readonly<Record<string, string>>;

export interface FleetOptions extends Pick<ReopenOptions, 'monotonicMs'>, Partial<Pick<ReopenOptions, 'pause'>> {
  readonly links: readonly AgentLink[];
  /** Of hosts, by target. */
  readonly tags?: ReadonlyMap<string, Tags>;
  readonly store: Store;
  readonly nowMs: () => number;
  readonly send: (event: Event) => void;
  /** Called whenever a link has opened, again too: what an agent is asked for holds only as long as its link. */
  readonly onOpened?: ((link: AgentLink, agent: AgentInfo) => void) | undefined;
}

/** A link and what the fleet knows of it. */
interface Member {
  readonly link: AgentLink;
  readonly tags: Tags;
  readonly unsubscribe: readonly (() => void)[];
  /** What answered last, as long as it may come back. */
  mode: AgentInfo['mode'] | undefined;
  isOpen: boolean;
  /** While a lost daemon is waited for. */
  returning:
    | { readonly agent: Promise<AgentInfo>; readonly stop: AbortController; readonly reason: string }
    | undefined;
}

const forgotten = 'the agent was restarted and knows nothing of it; what it had sent before is kept';

export function createFleet(options: FleetOptions): Fleet {
  const { store, send } = options;
  const members = new Map<string, Member>();
  const sent = createSentCommands(options);
  let isClosing = false;

  const stateOf = (member: Member, state: LinkState = member.link.state()): AgentState => {
    const { link, tags, returning } = member;
    const isTaken = link.name === 'local' && state.kind === 'open' && members.has(state.agent.name);
    const shown = toAgentState(link, state, { name: isTaken ? 'local' : undefined, tags });
    return returning ? { ...shown, phase: 'lost', reason: returning.reason, isReturning: true } : shown;
  };
  const tellState = (member: Member): void => send({ kind: 'agentChanged', agent: stateOf(member) });
  /** The agent as it is noted in the case: under the name that the console calls it by. */
  const toNoted = (member: Member, agent: AgentInfo): AgentInfo => ({ ...agent, name: agentName(stateOf(member)) });

  const endAll = (member: Member, reason: string): void => {
    for (const command of sent.openOf({ target: member.link.name })) sent.end(command, 'failed', reason);
  };
  const resumeAll = (member: Member): void => {
    for (const command of sent.openOf({ target: member.link.name })) {
      if (!command.isSent) continue;
      const { ref, operations } = command;
      member.link.resume(ref, { after: sent.lastReport(command), operations });
      if (command.isCancelled) member.link.cancel(ref);
    }
  };
  const startReturn = (member: Member, reason: string): void => {
    const stop = new AbortController();
    const agent = reopenLink(member.link, { ...options, pause: options.pause ?? pauseUntil, signal: stop.signal });
    const returning = { agent, stop, reason };
    member.returning = returning;
    tellState(member);
    agent.then(
      () => endReturn(member, undefined),
      (error: unknown) => {
        if (member.returning !== returning || isClosing) return;
        endReturn(member, `its agent, a daemon, did not come back: ${messageOf(error)}`);
      },
    );
  };
  const endReturn = (member: Member, failure: string | undefined): void => {
    member.returning = undefined;
    if (failure !== undefined) {
      member.mode = undefined;
      tellState(member);
      endAll(member, failure);
      return;
    }
    try {
      resumeAll(member);
    } catch {
      // Lost again already: its state says so, and another return has begun.
    }
    arrive(member);
  };
  const arrive = (member: Member): void => {
    const state = member.link.state();
    if (state.kind !== 'open') return;
    tellState(member);
    options.onOpened?.(member.link, state.agent);
  };

  const changeState = (member: Member, state: LinkState): void => {
    if (isClosing) return;
    const wasOpen = member.isOpen;
    member.isOpen = state.kind === 'open';
    if (state.kind === 'open') member.mode = state.agent.mode;
    if (member.returning) return;
    if (state.kind === 'open') {
      if (wasOpen) tellState(member);
      else arrive(member);
      return;
    }
    if (state.kind === 'closed') {
      const reason = state.reason?.message ?? 'its link was closed';
      if (wasOpen && state.reason && member.mode === 'daemon') return startReturn(member, reason);
      // Told first, so that what it means for its commands is said once, by them.
      tellState(member);
      return endAll(member, reason);
    }
    tellState(member);
  };

  const add = (link: AgentLink, tags: Tags = {}): Member => {
    const target = link.name;
    const agentOf = (): string => {
      const state = link.state();
      return state.kind === 'open' ? state.agent.id : '';
    };
    const member: Member = {
      link,
      tags,
      mode: undefined,
      isOpen: link.state().kind === 'open',
      returning: undefined,
      unsubscribe: [
        link.onReport((ref, n, report) => sent.receive(target, ref, n, report)),
        link.onUnknown((ref) => {
          const command = sent.find(target, ref);
          if (command) sent.end(command, 'failed', forgotten);
        }),
        link.onState((state) => changeState(member, state)),
        link.onAlert((alert) => send({ kind: 'alertReceived', target, agent: agentOf(), alert })),
        link.onEvent((event) => send({ kind: 'moduleEvent', target, event })),
      ],
    };
    members.set(target, member);
    return member;
  };
  for (const link of options.links) add(link, options.tags?.get(link.name));

  const requireMember = (target: string): Member => {
    const member = members.get(target);
    if (member) return member;
    throw new ConsoleError('TARGET_UNKNOWN', `no agent is called ${JSON.stringify(target)} any more`);
  };
  const open = async (target: string): Promise<AgentInfo> => {
    const member = requireMember(target);
    const agent = await (member.returning?.agent ?? member.link.open());
    return toNoted(member, agent);
  };
  const sendCommand = (command: SentCommand, body: Action): void => {
    try {
      requireMember(command.target).link.dispatch(command.ref, body);
      command.isSent = true;
    } catch (error) {
      sent.end(command, 'failed', reportOf(error).message);
    }
  };
  const sendWhenOpen = async (command: SentCommand, body: Action): Promise<void> => {
    try {
      const agent = await command.opened;
      if (!sent.isOpen(command)) return;
      setCommandAgent(store, command, agent);
      sendCommand(command, body);
    } catch (error) {
      if (!isClosing) sent.end(command, 'failed', reportOf(error).message);
    }
  };
  const cancel = (command: SentCommand): void => {
    command.isCancelled = true;
    if (!command.isSent) sent.end(command, 'cancelled', 'it was cancelled before its agent was reached');
    // A daemon that is waited for is told when it is back.
    else members.get(command.target)?.link.cancel(command.ref);
  };

  return {
    targets: () => [...members.keys()],
    states: () => [...members.values()].map((member) => stateOf(member)),
    open,
    expect: sent.add,
    dispatch: (action, body) => {
      for (const command of sent.openOf({ action })) {
        const state = members.get(command.target)?.link.state();
        if (state?.kind === 'open') sendCommand(command, body);
        else void sendWhenOpen(command, body);
      }
    },
    cancel: (action) => {
      const asked = sent.openOf({ action });
      for (const command of asked) cancel(command);
      return asked.length;
    },
    expire: (action) => {
      for (const command of sent.openOf({ action }))
        sent.end(command, 'expired', 'no answer before the action expired');
    },
    agentOf: (target) => {
      const member = members.get(target);
      const state = member?.link.state();
      return member && state?.kind === 'open' ? toNoted(member, state.agent) : undefined;
    },
    find: (target) => members.get(target)?.link,
    add: (link, tags) => {
      tellState(add(link, tags));
      // A host may bear the name that the agent of this host has.
      const local = members.get('local');
      if (local?.isOpen) tellState(local);
    },
    remove: async (target) => {
      const member = requireMember(target);
      members.delete(target);
      const { returning } = member;
      member.returning = undefined;
      returning?.stop.abort();
      endAll(member, 'its host was removed from this console');
      for (const stop of member.unsubscribe) stop();
      send({ kind: 'agentRemoved', target });
      await member.link.close();
    },
    close: async () => {
      isClosing = true;
      for (const { returning } of members.values()) returning?.stop.abort();
      await Promise.all([...members.values()].map(({ link }) => link.close()));
      for (const stop of [...members.values()].flatMap(({ unsubscribe }) => unsubscribe)) stop();
      sent.close('the console was closed while it ran');
    },
  };
}

async function pauseUntil(ms: number, signal: AbortSignal): Promise<void> {
  // An end of waiting is no error here: whoever waits looks at the signal.
  await pauseFor(ms, undefined, { signal, ref: false }).catch(() => undefined);
}
