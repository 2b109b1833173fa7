/**
 * The agents that this console talks to: opens their links, sends commands, and tells what became of those whose agent is gone. Every command that was sent
 * comes to an end.
 */
import { reportOf } from '../base/app-error.ts';
import type { AgentInfo } from '../protocol/agent-info.ts';
import type { Action } from '../protocol/action.ts';
import { setCommandAgent } from '../store/commands.ts';
import type { Store } from '../store/open-store.ts';
import type { AgentLink } from '../transport/link.ts';
import type { Event } from './event.ts';
import { askForLate, givenUp } from './fleet/ask-for-late.ts';
import { createMembers, type Tags } from './fleet/create-members.ts';
import { createSentCommands, lifeOf, type NewCommand, type SentCommand } from './fleet/sent-commands.ts';
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

export interface FleetOptions {
  readonly monotonicMs: () => number;
  readonly links: readonly AgentLink[];
  /** Of hosts, by target. */
  readonly tags?: ReadonlyMap<string, Tags>;
  readonly store: Store;
  readonly nowMs: () => number;
  readonly send: (event: Event) => void;
  /** Hears how the commands ended that an earlier console gave up. */
  readonly isSession?: boolean;
  /** Called whenever a link has opened, again too: what an agent is asked for holds only as long as its link. */
  readonly onOpened?: ((link: AgentLink, agent: AgentInfo) => void) | undefined;
}

export function createFleet(options: FleetOptions): Fleet {
  const { store, send } = options;
  const sent = createSentCommands(options);
  const members = createMembers({
    ...options,
    sent,
    onOpened: (link, agent) => {
      const calledName = members.toNoted(members.require(link.name), agent).name;
      if (options.isSession) askForLate({ store, sent, nowMs: options.nowMs() }, link, { ...agent, calledName });
      options.onOpened?.(link, agent);
    },
  });
  let isClosing = false;

  for (const link of options.links) members.add(link, options.tags?.get(link.name) ?? {});
  const open = async (target: string): Promise<AgentInfo> => {
    const member = members.require(target);
    const agent = await (member.returning?.agent ?? member.link.open());
    return members.toNoted(member, agent);
  };
  const sendCommand = (command: SentCommand, body: Action): void => {
    try {
      const { link } = members.require(command.target);
      link.dispatch(command.ref, body);
      command.isSent = true;
      command.sentTo = { life: lifeOf(link.state()) ?? '', body };
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
      if (!isClosing) sent.end(command, 'failed', whyUnreached(command, error));
    }
  };
  /** Said beside the name of the agent: without it where the link knows how it ended. */
  const whyUnreached = ({ target }: SentCommand, error: unknown): string => {
    const state = members.all.get(target)?.link.state();
    return (state?.kind === 'closed' ? state.how : undefined) ?? reportOf(error).message;
  };
  const cancel = (command: SentCommand): void => {
    command.isCancelled = true;
    if (!command.isSent) sent.end(command, 'cancelled', 'it was cancelled before its agent was reached');
    // A daemon that is waited for is told when it is back.
    else members.all.get(command.target)?.link.cancel(command.ref);
  };

  return {
    targets: () => [...members.all.keys()],
    states: () => [...members.all.values()].map(members.stateOf),
    open,
    expect: sent.add,
    dispatch: (action, body) => {
      for (const command of sent.openOf({ action })) {
        const state = members.all.get(command.target)?.link.state();
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
      const member = members.all.get(target);
      const state = member?.link.state();
      return member && state?.kind === 'open' ? members.toNoted(member, state.agent) : undefined;
    },
    find: (target) => members.all.get(target)?.link,
    add: (link, tags = {}) => {
      members.tellState(members.add(link, tags));
      // A host may bear the name that the agent of this host has.
      const local = members.all.get('local');
      if (local?.isOpen) members.tellState(local);
    },
    remove: async (target) => {
      const { link } = members.require(target);
      members.remove(members.require(target), 'its host was removed from this console');
      send({ kind: 'agentRemoved', target });
      await link.close();
    },
    close: async () => {
      isClosing = true;
      await members.close();
      sent.close(givenUp.closed);
    },
  };
}
