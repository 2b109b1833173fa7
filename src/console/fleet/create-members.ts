/** The links of a fleet with what is known of each: what their ends mean for the commands that went over them, and how those of daemons come back. */
import { setTimeout as pauseFor } from 'node:timers/promises';
import { ConsoleError, messageOf } from '../../base/app-error.ts';
import type { AgentInfo } from '../../protocol/agent-info.ts';
import type { AgentLink, LinkState } from '../../transport/link.ts';
import { agentName } from '../agent-words.ts';
import type { Event } from '../event.ts';
import type { AgentState } from '../state.ts';
import { reopenLink, type ReopenOptions } from './reopen-link.ts';
import { lifeOf, type SentCommand, type SentCommands } from './sent-commands.ts';
import { toAgentState } from './to-agent-state.ts';

export type Tags = Readonly<Record<string, string>>;

export interface MembersOptions extends Pick<ReopenOptions, 'monotonicMs'> {
  readonly sent: SentCommands;
  readonly send: (event: Event) => void;
  readonly onOpened?: ((link: AgentLink, agent: AgentInfo) => void) | undefined;
}

export interface Members {
  readonly all: ReadonlyMap<string, Member>;
  readonly add: (link: AgentLink, tags: Tags) => Member;
  /** Throws ConsoleError TARGET_UNKNOWN. */
  readonly require: (target: string) => Member;
  readonly stateOf: (member: Member) => AgentState;
  /** Tells the state of a member as it is now. */
  readonly tellState: (member: Member) => void;
  /** The agent as it is noted in the case: under the name that the console calls it by. */
  readonly toNoted: (member: Member, agent: AgentInfo) => AgentInfo;
  /** Forgets a member; its commands end with this reason. */
  readonly remove: (member: Member, reason: string) => void;
  /** From now on ends of links mean nothing. */
  readonly close: () => Promise<void>;
}

/** A link and what the fleet knows of it. */
export interface Member {
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

export function createMembers(options: MembersOptions): Members {
  const { sent, send } = options;
  const members = new Map<string, Member>();
  let isClosing = false;

  const stateOf = (member: Member, state: LinkState = member.link.state()): AgentState => {
    const { link, tags, returning } = member;
    const isTaken = link.name === 'local' && state.kind === 'open' && members.has(state.agent.name);
    const shown = toAgentState(link, state, { name: isTaken ? 'local' : undefined, tags });
    return returning ? { ...shown, phase: 'lost', reason: returning.reason, isReturning: true } : shown;
  };
  const tellState = (member: Member): void => send({ kind: 'agentChanged', agent: stateOf(member) });
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
    const agent = reopenLink(member.link, { ...options, pause: pauseUntil, signal: stop.signal });
    const returning = { agent, stop, reason };
    member.returning = returning;
    tellState(member);
    agent.then(
      () => endReturn(member, undefined),
      (error: unknown) => {
        if (member.returning !== returning || isClosing) return;
        const state = member.link.state();
        const how = state.kind === 'closed' ? state.how : undefined;
        endReturn(member, `its agent, a daemon, did not come back: ${how ?? messageOf(error)}`);
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
      const reason = state.how ?? state.reason?.message ?? 'its link was closed';
      if (wasOpen && state.reason && member.mode === 'daemon') return startReturn(member, reason);
      // Told first, so that what it means for its commands is said once, by them.
      tellState(member);
      return endAll(member, reason);
    }
    tellState(member);
  };

  const add = (link: AgentLink, tags: Tags): Member => {
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
          if (command && !sendAgain(link, command)) sent.end(command, 'failed', forgotten);
        }),
        link.onState((state) => changeState(member, state)),
        link.onAlert((alert) => send({ kind: 'alertReceived', target, agent: agentOf(), alert })),
        link.onEvent((event) => send({ kind: 'moduleEvent', target, event })),
      ],
    };
    members.set(target, member);
    return member;
  };

  /** What the same process does not know was lost with the link that broke: it is sent once more. */
  const sendAgain = (link: AgentLink, command: SentCommand): boolean => {
    const { sentTo } = command;
    if (!sentTo || sentTo.life !== lifeOf(link.state())) return false;
    command.sentTo = undefined;
    link.dispatch(command.ref, sentTo.body);
    return true;
  };

  return {
    all: members,
    add,
    require: (target) => {
      const member = members.get(target);
      if (member) return member;
      throw new ConsoleError('TARGET_UNKNOWN', `no agent is called ${JSON.stringify(target)} any more`);
    },
    stateOf,
    tellState,
    toNoted,
    remove: (member, reason) => {
      const { returning } = member;
      members.delete(member.link.name);
      member.returning = undefined;
      returning?.stop.abort();
      endAll(member, reason);
      for (const stop of member.unsubscribe) stop();
    },
    close: async () => {
      isClosing = true;
      for (const { returning } of members.values()) returning?.stop.abort();
      await Promise.all([...members.values()].map(({ link }) => link.close()));
      for (const stop of [...members.values()].flatMap(({ unsubscribe }) => unsubscribe)) stop();
    },
  };
}

async function pauseUntil(ms: number, signal: AbortSignal): Promise<void> {
  // An end of waiting is no error here: whoever waits looks at the signal.
  await pauseFor(ms, undefined, { signal, ref: false }).catch(() => undefined);
}
