/**
 * A link over any connection: the greeting, the state, and the defence against an agent that lies, floods or falls silent. Such an agent loses its own
 * link and nothing else: every way it can misbehave ends in `closed` with a reason.
 */
import { messageOf, TransportError } from '../base/app-error.ts';
import { createLineSplitter } from '../base/lines.ts';
import { createListeners } from '../base/listeners.ts';
import { version } from '../base/version.ts';
import type { Action } from '../protocol/action.ts';
import type { AgentInfo } from '../protocol/agent-info.ts';
import type { Alert } from '../protocol/alert.ts';
import {
  formatFrame,
  linkProtocol,
  maxFrameBytes,
  maxReportJump,
  type ModuleEvent,
  parseToConsoleFrame,
  type Report,
  type ToAgentFrame,
  type ToConsoleFrame,
} from '../protocol/frame.ts';
import type { Connection } from './connection.ts';
import type { Gate } from './create-gate.ts';
import type { AgentLink, LinkState } from './link.ts';

export interface LinkOptions {
  readonly name: string;
  /** Throws where not even a process could be started. `daemon`: only an agent that runs as a daemon will do. */
  readonly connect: (options: { readonly daemon: boolean }) => Connection;
  /** The account at the console, for the agent's log. */
  readonly investigator?: string;
  /** Adds to how an agent ended what can be done about it. */
  readonly explain?: (how: string) => string;
  /** Shared by links of which only so many may be opening at once. */
  readonly gate?: Gate;
  readonly helloTimeoutMs?: number;
  readonly maxFrameBytes?: number;
  /** Lines that are no frames are passed over up to here: a login script may greet, an agent may not flood. */
  readonly maxBadLines?: number;
  /** How much may wait unread by the agent. */
  readonly maxUnreadBytes?: number;
  readonly monotonicMs?: () => number;
}

const defaults = {
  helloTimeoutMs: 20_000,
  maxFrameBytes,
  maxBadLines: 100,
  maxUnreadBytes: 256 * 1024 * 1024,
};

/** What the greeting has room for. */
const maxNameLength = 256;

export function createLink(options: LinkOptions): AgentLink {
  const { monotonicMs = () => performance.now() } = options;
  const reports = createListeners<[string, number, Report]>();
  const states = createListeners<[LinkState]>();
  const unknowns = createListeners<[string]>();
  const alerts = createListeners<[Alert]>();
  const events = createListeners<[ModuleEvent]>();
  /** What was dispatched: how many operations it has, and the highest number of a report so far. A report about anything else is a lie. */
  const dispatched = new Map<string, { readonly operations: number; lastN: number }>();
  let state: LinkState = { kind: 'closed' };
  let session: Session | undefined;
  let opening: Promise<AgentInfo> | undefined;
  /** Counts openings and closings: an opening that waited for its turn may have been closed meanwhile. */
  let attempt = 0;

  const setState = (next: LinkState): void => {
    state = next;
    states.tell(next);
  };
  const isPlausible = (ref: string, n: number, report: Report): boolean => {
    const known = dispatched.get(ref);
    if (!known || n > known.lastN + maxReportJump || ('operation' in report && report.operation >= known.operations))
      return false;
    known.lastN = Math.max(known.lastN, n);
    return true;
  };
  const receive = (frame: ToConsoleFrame): void => {
    if (frame.type === 'report') {
      const { ref, n, report } = frame;
      if (isPlausible(ref, n, report)) reports.tell(ref, n, report);
    } else if (frame.type === 'unknown') {
      if (dispatched.has(frame.ref)) unknowns.tell(frame.ref);
    } else if (frame.type === 'alert') alerts.tell(frame.alert);
    else if (frame.type === 'event') events.tell(frame.event);
    else if (frame.type === 'agent' && state.kind === 'open') setState({ ...state, agent: frame.agent });
  };
  const requireSession = (): Session => {
    if (state.kind === 'open' && session) return session;
    throw new TransportError(
      'LINK_CLOSED',
      `expected an open link to agent ${options.name}, got one that is ${state.kind}`,
    );
  };
  const sendIfOpen = (frame: ToAgentFrame): void => {
    if (state.kind === 'open') session?.send(formatFrame(frame));
  };
  const explained = (how: string): string => options.explain?.(how) ?? how;
  const unreachable = (how: string, cause?: unknown): TransportError =>
    new TransportError('AGENT_UNREACHABLE', `expected agent ${options.name} to answer, got ${explained(how)}`, {
      cause,
    });
  const open = async (daemon: boolean): Promise<AgentInfo> => {
    const mine = ++attempt;
    setState({ kind: 'opening' });
    const leave = await options.gate?.enter();
    try {
      if (mine !== attempt) throw unreachable('the link was closed while it opened');
      return await greet(daemon);
    } finally {
      leave?.();
    }
  };
  const greet = async (daemon: boolean): Promise<AgentInfo> => {
    const startedMs = monotonicMs();
    let own: Session;
    try {
      own = startSession(options, daemon, (frame) => {
        if (session === own) receive(frame);
      });
    } catch (error) {
      const failure = unreachable(messageOf(error), error);
      setState({ kind: 'closed', reason: failure.toReport(), how: explained(messageOf(error)) });
      throw failure;
    }
    session = own;
    const settle = async (): Promise<void> => {
      const reason = await own.ended;
      if (session !== own) return;
      session = undefined;
      opening = undefined;
      setState({
        kind: 'closed',
        ...(reason === undefined ? {} : { reason: unreachable(reason).toReport(), how: explained(reason) }),
      });
    };
    void settle();
    const agent = await Promise.race([own.hello, own.ended]);
    if (typeof agent !== 'object' || session !== own) {
      throw unreachable(typeof agent === 'string' ? agent : 'the link was closed while it opened');
    }
    setState({ kind: 'open', agent, openingMs: monotonicMs() - startedMs });
    return agent;
  };

  return {
    name: options.name,
    state: () => state,
    open: ({ daemon = false } = {}) => {
      if (state.kind === 'closed') opening = open(daemon);
      return opening ?? open(daemon);
    },
    dispatch: (ref: string, action: Action) => {
      const own = requireSession();
      dispatched.set(ref, { operations: action.operations.length, lastN: dispatched.get(ref)?.lastN ?? 0 });
      own.send(formatFrame({ type: 'action', ref, action }));
    },
    cancel: (ref) => {
      if (dispatched.has(ref)) sendIfOpen({ type: 'cancel', ref });
    },
    resume: (ref, { after, operations }) => {
      const own = requireSession();
      dispatched.set(ref, { operations, lastN: Math.max(after, dispatched.get(ref)?.lastN ?? 0) });
      own.send(formatFrame({ type: 'resume', ref, after }));
    },
    onUnknown: unknowns.add,
    subscribeAlerts: (after) => sendIfOpen({ type: 'alerts', after }),
    onAlert: alerts.add,
    confirmAlerts: (n) => sendIfOpen({ type: 'received', alert: n }),
    watch: (module, on) => sendIfOpen({ type: 'watch', module, on }),
    onEvent: events.add,
    onReport: reports.add,
    onState: states.add,
    close: async () => {
      const own = session;
      attempt++;
      if (!own && state.kind !== 'opening') return;
      // Closed from here on, though the agent may take a moment to leave: whoever opens the link meanwhile gets a new one.
      session = undefined;
      opening = undefined;
      setState({ kind: 'closed' });
      await own?.close();
    },
  };
}

/** One life of a link, from the greeting to the end. */
interface Session {
  readonly hello: Promise<AgentInfo>;
  /** How it ended; undefined when this side closed it. Resolves as soon as the agent is given up, or when the connection is gone. */
  readonly ended: Promise<string | undefined>;
  readonly send: (line: string) => void;
  readonly close: () => Promise<void>;
}

function startSession(options: LinkOptions, daemon: boolean, onFrame: (frame: ToConsoleFrame) => void): Session {
  const limits = { ...defaults, ...options };
  const connection = options.connect({ daemon });
  const hello = Promise.withResolvers<AgentInfo>();
  const splitter = createLineSplitter({ maxBytes: limits.maxFrameBytes });
  const givenUp = Promise.withResolvers<string>();
  let greeted = false;
  let badLines = 0;
  let closing = false;
  let fault: string | undefined;

  const fail = (reason: string): void => {
    if (fault !== undefined || closing) return;
    fault = reason;
    givenUp.resolve(reason);
    connection.fromAgent.destroy();
    void connection.terminate();
  };
  const silence = setTimeout(() => fail(`no greeting within ${limits.helloTimeoutMs / 1000} s`), limits.helloTimeoutMs);
  const handleFrame = (frame: ToConsoleFrame): void => {
    if (frame.type === 'hello') {
      if (frame.protocol !== linkProtocol)
        return fail(`link protocol ${frame.protocol} where ${linkProtocol} is spoken here`);
      greeted = true;
      clearTimeout(silence);
      hello.resolve(frame.agent);
    } else if (frame.type === 'problem') {
      if (!greeted) fail(`its problem: ${frame.error.message}`);
    } else if (greeted) onFrame(frame);
  };
  const handleLine = (line: string): void => {
    if (fault !== undefined || line === '') return;
    let frame: ToConsoleFrame;
    try {
      frame = parseToConsoleFrame(line);
    } catch (error) {
      if (++badLines > limits.maxBadLines) fail(`${badLines} lines that are no frames, the last: ${messageOf(error)}`);
      return;
    }
    handleFrame(frame);
  };

  connection.fromAgent.on('data', (chunk: Uint8Array) => {
    try {
      for (const line of splitter.push(chunk)) handleLine(line);
    } catch (error) {
      fail(messageOf(error));
    }
  });
  // A stream that breaks ends the connection, which says why.
  connection.fromAgent.on('error', (error) => fail(messageOf(error)));
  connection.toAgent.on('error', () => undefined);

  const send = (line: string): void => {
    if (connection.toAgent.writableLength > limits.maxUnreadBytes) {
      fail(`${connection.toAgent.writableLength} bytes left unread`);
    } else if (connection.toAgent.writable) connection.toAgent.write(line);
  };
  const gone = connection.ended.then((how) => {
    clearTimeout(silence);
    return closing ? undefined : (fault ?? how);
  });
  const ended = Promise.race([gone, givenUp.promise]);
  const who = options.investigator === undefined ? {} : { investigator: options.investigator.slice(0, maxNameLength) };
  send(formatFrame({ type: 'hello', protocol: linkProtocol, version, ...who }));
  return {
    hello: hello.promise,
    ended,
    send,
    close: async () => {
      if (!closing) send(formatFrame({ type: 'bye' }));
      closing = true;
      clearTimeout(silence);
      await connection.terminate();
      await gone;
    },
  };
}
