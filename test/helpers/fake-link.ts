import type { Action } from '../../src/protocol/action.ts';
import type { AgentInfo } from '../../src/protocol/agent-info.ts';
import { createListeners } from '../../src/base/listeners.ts';
import type { Alert } from '../../src/protocol/alert.ts';
import type { ModuleEvent, Report } from '../../src/protocol/frame.ts';
import { TransportError } from '../../src/base/app-error.ts';
import type { AgentLink, LinkState } from '../../src/transport/link.ts';

/** A link whose agent does what the test says, at once. */
export interface FakeLink extends AgentLink {
  readonly dispatched: readonly { readonly ref: string; readonly action: Action }[];
  readonly cancelled: readonly string[];
  /** The next report of the ref that was dispatched last, or with a number of one's own. */
  readonly report: (report: Report, options?: { readonly n?: number; readonly ref?: string }) => void;
  readonly lose: (reason: string) => void;
  readonly alert: (alert: Alert) => void;
  readonly event: (event: ModuleEvent) => void;
  /** What was asked, in order: "alerts 7", "received 8", "watch fswatch", "unwatch fswatch". */
  readonly asked: readonly string[];
  readonly resumed: readonly { readonly ref: string; readonly after: number; readonly operations: number }[];
  /** The agent says that it knows nothing of what was resumed last. */
  readonly forget: () => void;
}

export function agentInfo(name: string): AgentInfo {
  return {
    id: `id-${name}`,
    name,
    version: '0.1.0',
    pid: 7,
    mode: 'stdio',
    starttime: '2026-11-21T07:00:00Z',
    environment: {
      os: 'linux',
      arch: 'x64',
      ident: 'Debian 12',
      init: 'systemd',
      isproxied: false,
      addresses: ['192.0.2.7/24'],
      modules: ['example', 'file'],
      user: 'root',
    },
    tags: {},
  };
}

export function createFakeLink(
  name: string,
  options: {
    readonly agent?: AgentInfo;
    readonly unreachable?: string | (() => string | undefined);
    readonly onDispatch?: (link: FakeLink, action: Action) => void;
    readonly onCancel?: (link: FakeLink) => void;
  } = {},
): FakeLink {
  const agent = options.agent ?? agentInfo('web-01');
  const reportListeners = new Set<(ref: string, n: number, report: Report) => void>();
  const stateListeners = new Set<(state: LinkState) => void>();
  const unknownListeners = new Set<(ref: string) => void>();
  const resumed: { ref: string; after: number; operations: number }[] = [];
  const dispatched: { ref: string; action: Action }[] = [];
  const cancelled: string[] = [];
  const asked: string[] = [];
  const alerts = createListeners<[Alert]>();
  const events = createListeners<[ModuleEvent]>();
  const counts = new Map<string, number>();
  let state: LinkState = { kind: 'closed' };
  const change = (next: LinkState): void => {
    state = next;
    for (const listener of stateListeners) listener(next);
  };
  const link: FakeLink = {
    name,
    resume: (ref, { after, operations }) => void resumed.push({ ref, after, operations }),
    resumed,
    onUnknown: (listener) => {
      unknownListeners.add(listener);
      return () => void unknownListeners.delete(listener);
    },
    forget: () => {
      for (const listener of unknownListeners) listener(resumed.at(-1)?.ref ?? '');
    },
    subscribeAlerts: (after) => void asked.push(`alerts ${after ?? 'unreceived'}`),
    onAlert: alerts.add,
    confirmAlerts: (n) => void asked.push(`received ${n}`),
    watch: (module, on) => void asked.push(`${on ? 'watch' : 'unwatch'} ${module}`),
    onEvent: events.add,
    alert: alerts.tell,
    event: events.tell,
    asked,
    dispatched,
    cancelled,
    state: () => state,
    open: async () => {
      const unreachable = typeof options.unreachable === 'function' ? options.unreachable() : options.unreachable;
      if (unreachable !== undefined) {
        const error = new TransportError('AGENT_UNREACHABLE', unreachable);
        change({ kind: 'closed', reason: error.toReport() });
        throw error;
      }
      if (state.kind !== 'open') change({ kind: 'open', agent });
      return agent;
    },
    dispatch: (ref, action) => {
      dispatched.push({ ref, action });
      options.onDispatch?.(link, action);
    },
    cancel: (ref) => {
      cancelled.push(ref);
      options.onCancel?.(link);
    },
    onReport: (listener) => {
      reportListeners.add(listener);
      return () => void reportListeners.delete(listener);
    },
    onState: (listener) => {
      stateListeners.add(listener);
      return () => void stateListeners.delete(listener);
    },
    close: async () => change({ kind: 'closed' }),
    report: (report, { n, ref = dispatched.at(-1)?.ref ?? '' } = {}) => {
      const number = n ?? (counts.get(ref) ?? 0) + 1;
      counts.set(ref, number);
      for (const listener of reportListeners) listener(ref, number, report);
    },
    lose: (reason) =>
      change({ kind: 'closed', reason: { code: 'AGENT_UNREACHABLE', message: reason, hint: 'Look at its log.' } }),
  };
  return link;
}

/** A result of the module example that found this host name. */
export function hostnameResult(hostname: string): Report & { readonly kind: 'result' } {
  return {
    kind: 'result',
    operation: 0,
    status: 'success',
    partial: false,
    durationMs: 5,
    result: { foundanything: true, success: true, elements: { hostname }, statistics: { stufffound: 1 }, errors: null },
  };
}
