/**
 * The part of a link that is the same over every transport: hello, frames in and out, states. A transport brings a way to open a channel of bytes.
 */
import { reportOf, TransportError, type ErrorReport } from '../base/app-error.ts';
import { createLineSplitter } from '../base/lines.ts';
import { createListeners } from '../base/listeners.ts';
import type { AgentInfo } from '../protocol/agent-info.ts';
import {
  formatFrame,
  linkProtocol,
  maxFrameBytes,
  parseToConsoleFrame,
  type Report,
  type ToAgentFrame,
} from '../protocol/frame.ts';
import { version } from '../protocol/version.ts';
import type { AgentLink, LinkState } from './link.ts';

/** What a transport tells the link. After `onClosed` nothing else comes. */
export interface ChannelEvents {
  readonly onBytes: (chunk: Uint8Array) => void;
  readonly onClosed: (reason: string) => void;
}

/** A way to an agent that carries bytes in order. */
export interface Channel {
  readonly write: (text: string) => void;
  /** The agent was told to leave: make sure that it does. */
  readonly end: () => Promise<void>;
  /** The agent misbehaves: cut it off at once. */
  readonly destroy: () => void;
}

export interface FrameLinkOptions {
  readonly name: string;
  readonly openChannel: (events: ChannelEvents) => Channel;
  /** How long an agent may take to say hello. */
  readonly helloTimeoutMs?: number;
}

interface Session {
  readonly channel: Channel;
  /** Settled once, when the agent has said hello or is gone. */
  readonly hello: PromiseWithResolvers<AgentInfo>;
}

export function createFrameLink({ name, openChannel, helloTimeoutMs = 20_000 }: FrameLinkOptions): AgentLink {
  const reports = createListeners<[string, number, Report]>();
  const states = createListeners<[LinkState]>();
  let state: LinkState = { kind: 'closed' };
  let session: Session | undefined;

  const change = (next: LinkState): void => {
    state = next;
    states.tell(next);
  };
  const fail = (from: Session, reason: ErrorReport): void => {
    if (session !== from) return;
    session = undefined;
    change({ kind: 'closed', reason });
    from.hello.reject(new TransportError('AGENT_UNREACHABLE', reason.message));
  };

  const start = (): Session => {
    const splitter = createLineSplitter({ maxBytes: maxFrameBytes });
    const hello = Promise.withResolvers<AgentInfo>();
    // Whoever opened the link hears of it; the timer below must not make it an unhandled rejection when nobody waits any more.
    hello.promise.catch(() => undefined);
    const mine: Session = {
      hello,
      channel: openChannel({
        onBytes: (chunk) => {
          if (session !== mine) return;
          try {
            for (const line of splitter.push(chunk)) takeLine(mine, line);
          } catch (error) {
            mine.channel.destroy();
            fail(mine, reportOf(error));
          }
        },
        onClosed: (reason) =>
          fail(mine, new TransportError('AGENT_UNREACHABLE', `the agent ${name} is gone: ${reason}`).toReport()),
      }),
    };
    return mine;
  };

  const takeLine = (mine: Session, line: string): void => {
    if (line === '' || session !== mine) return;
    const frame = parseToConsoleFrame(line);
    if (frame.type === 'report') return reports.tell(frame.ref, frame.n, frame.report);
    if (frame.type === 'problem') return;
    if (frame.protocol !== linkProtocol) {
      throw new TransportError(
        'PROTOCOL_VERSION',
        `expected link protocol ${linkProtocol}, got ${frame.protocol} from the agent ${name} (${frame.agent.version})`,
      );
    }
    change({ kind: 'open', agent: frame.agent });
    mine.hello.resolve(frame.agent);
  };

  const send = (frame: ToAgentFrame): void => {
    if (!session || state.kind !== 'open') {
      throw new TransportError('LINK_CLOSED', `the link to the agent ${name} is not open`);
    }
    session.channel.write(formatFrame(frame));
  };

  return {
    name,
    state: () => state,
    open: async () => {
      if (session) return session.hello.promise;
      const mine = start();
      session = mine;
      change({ kind: 'opening' });
      mine.channel.write(formatFrame({ type: 'hello', protocol: linkProtocol, version }));
      const timer = setTimeout(() => {
        if (state.kind !== 'opening') return;
        mine.channel.destroy();
        fail(
          mine,
          new TransportError(
            'AGENT_UNREACHABLE',
            `the agent ${name} did not say hello within ${helloTimeoutMs / 1000} s`,
          ).toReport(),
        );
      }, helloTimeoutMs);
      try {
        return await mine.hello.promise;
      } finally {
        clearTimeout(timer);
      }
    },
    dispatch: (ref, action) => send({ type: 'action', ref, action }),
    cancel: (ref) => send({ type: 'cancel', ref }),
    onReport: reports.add,
    onState: states.add,
    close: async () => {
      const mine = session;
      if (!mine) return;
      session = undefined;
      mine.channel.write(formatFrame({ type: 'bye' }));
      change({ kind: 'closed' });
      mine.hello.reject(new TransportError('LINK_CLOSED', `the link to the agent ${name} was closed`));
      await mine.channel.end();
    },
  };
}
