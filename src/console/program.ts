/**
 * The console as a running thing: queues lines, holds the state, carries out effects and tells whoever draws. It knows no terminal.
 *
 * Effects of one event are done in order, each with all that it causes, before the next; what agents report comes in between.
 */
import { findModule } from '../../modules/index.ts';
import { reportOf } from '../base/app-error.ts';
import { systemClock, type Clock } from '../base/clock.ts';
import { line, type Line } from '../module/line.ts';
import { countUnacknowledged, lastAlertOf } from '../store/alerts.ts';
import { adoptDraft } from '../store/drafts.ts';
import { addHistory, readHistory } from '../store/history.ts';
import { closeStore, explainStoreFailure, type Store } from '../store/open-store.ts';
import { readSettings } from '../store/settings.ts';
import type { Host } from '../store/hosts.ts';
import type { AgentLink } from '../transport/link.ts';
import { accountName } from './account-name.ts';
import { emptyFeed } from './alert-feed.ts';
import { complete } from './complete.ts';
import type { Effect } from './effect.ts';
import type { Event } from './event.ts';
import { createFleet } from './fleet.ts';
import type { Hosts } from './hosts.ts';
import { offerActions, offerDraft } from './offers.ts';
import { createPerform } from './perform.ts';
import { print, type PerformContext } from './perform/context.ts';
import { describeDashboard } from './perform/show-agents.ts';
import type { ConsoleProgram, Screen, Snapshot } from './ports.ts';
import { restoreSettings } from './settings.ts';
import { initialState, type State } from './state.ts';
import { toSnapshot } from './snapshot.ts';
import { update } from './update.ts';

export interface ProgramOptions {
  readonly screen: Screen;
  readonly store: Store;
  readonly links: readonly AgentLink[];
  /** Other hosts and the way to their agents. */
  readonly hosts?: Hosts;
  readonly clock?: Clock;
  readonly caseName?: string;
  /** Lines to begin with: what went wrong with the case's file. */
  readonly notices?: readonly Line[];
  /** The dashboard at the start; a script does without. */
  readonly withDashboard?: boolean;
  /** Takes up what an ended console left behind, and starts the agents; a one-shot command does neither. Absent = yes. */
  readonly isSession?: boolean;
  /** Asks agents for their alerts when a link opens. Absent = as isSession. */
  readonly collectsAlerts?: boolean;
  /** Sees every event before it takes effect: for -v. */
  readonly trace?: (event: Event) => void;
}

/** The program with what headless callers need beside the screen's view of it. */
export interface RunningProgram extends ConsoleProgram {
  readonly state: () => State;
  readonly context: PerformContext;
  /** Resolves when every agent is there or is known not to be, or after a moment. */
  readonly ready: Promise<void>;
  /** Carries out effects as a command would, with all that they cause. Resolves with false when one failed: its error was printed. */
  readonly run: (effects: readonly Effect[]) => Promise<boolean>;
}

const tickMs = 1000;
/** A terminal redraws at most so often while reports stream in. */
const tellMs = 100;
const maxReadyMs = 2000;
const maxHistory = 2000;
/** What an agent has kept comes at once: after this long without an alert no more of it is waited for, and never longer than the most. */
const alertPauseMs = 300;
const maxAlertWaitMs = 5000;
/** How long an orderly end waits for what stopped actions had found. */
const maxStopMs = 1500;

export function createProgram(options: ProgramOptions): RunningProgram {
  const { screen, store, links, clock = systemClock, isSession = true, collectsAlerts = isSession } = options;
  const nowMs = (): number => clock.nowMs();
  const adopted = isSession ? adoptDraft(store) : undefined;
  let state = initialState({
    caseName: options.caseName ?? 'default',
    settings: restoreSettings(readSettings(store)),
    draft: adopted?.action,
    alerts: { ...emptyFeed, unacknowledged: isSession ? countUnacknowledged(store) : 0 },
  });
  const listeners = new Set<() => void>();
  let lines: Promise<void> = Promise.resolve();
  let abort = new AbortController();
  let ticker: NodeJS.Timeout | undefined;
  let tellTimer: NodeJS.Timeout | undefined;
  let snapshot: Snapshot | undefined;
  let isClosed = false;
  let alertsAskedMs = -Infinity;

  const tell = (): void => {
    clearTimeout(tellTimer);
    tellTimer = undefined;
    snapshot = undefined;
    for (const listener of listeners) listener();
  };
  const change = (next: State, isFrequent: boolean): void => {
    if (next === state) return;
    const before = state;
    state = next;
    if (!isFrequent || before.following !== state.following) tell();
    else tellTimer ??= setTimeout(tell, tellMs);
    if (state.running.size > 0 || state.alerts.held > 0)
      ticker ??= setInterval(() => void send({ kind: 'ticked', nowMs: nowMs() }), tickMs);
    else {
      clearInterval(ticker);
      ticker = undefined;
    }
  };

  /** Resolves when everything that the event causes has been done. */
  const send = async (event: Event): Promise<void> => {
    if (isClosed) return;
    options.trace?.(event);
    if (event.kind === 'alertReceived') alertsAskedMs = clock.monotonicMs();
    const isFrequent =
      event.kind === 'reported' || event.kind === 'hitsShown' || event.kind === 'alertKept' || event.kind === 'ticked';
    const [next, effects] = update(state, event);
    change(next, isFrequent);
    await run(effects);
  };
  const run = async (effects: readonly Effect[]): Promise<boolean> => {
    for (const effect of effects) {
      try {
        const caused = await perform(effect);
        if (caused) await send(caused);
      } catch (error) {
        if (effect.kind !== 'fail') await send({ kind: 'failed', error: reportOf(explainStoreFailure(error, store)) });
        return false;
      }
    }
    return true;
  };

  const { remote, problems } = readRemoteAgents(options.hosts);
  const fleet = createFleet({
    links: [...links, ...remote.map(({ link }) => link)],
    tags: new Map(remote.map(({ host }) => [host.name, host.tags])),
    store,
    nowMs,
    monotonicMs: () => clock.monotonicMs(),
    send: (event) => void send(event),
    isSession,
    // Most commands from a shell end before they could keep what an agent tells on.
    onOpened: (link, agent) => {
      if (!collectsAlerts) return;
      alertsAskedMs = clock.monotonicMs();
      link.subscribeAlerts(lastAlertOf(store, agent.id));
    },
  });
  state = { ...state, agents: fleet.states(), isInteractive: screen.width() !== undefined };
  const context: PerformContext = {
    store,
    fleet,
    hosts: options.hosts,
    isSession,
    screen,
    clock,
    findModule,
    state: () => state,
    investigator: accountName(),
    signal: () => abort.signal,
    untilAlertsCame: async () => {
      const endMs = clock.monotonicMs() + maxAlertWaitMs;
      for (;;) {
        const leftMs = Math.min(alertsAskedMs + alertPauseMs, endMs) - clock.monotonicMs();
        if (leftMs <= 0 || abort.signal.aborted) return;
        await new Promise((resolve) => setTimeout(resolve, leftMs));
      }
    },
    untilUnfollowed: (action) => {
      const { promise, resolve } = Promise.withResolvers<void>();
      const check = (): void => {
        if (state.following === action) return;
        listeners.delete(check);
        resolve();
      };
      listeners.add(check);
      check();
      return promise;
    },
  };
  const perform = createPerform(context, { draftId: adopted?.id });

  print(context, [
    ...(options.notices ?? []),
    ...problems,
    ...(options.withDashboard ? describeDashboard(context) : []),
    ...(isSession ? offerActions(store, nowMs()) : []),
    ...offerDraft(state),
  ]);
  // Why an agent cannot be reached is told by the state of its link.
  const opened = isSession ? fleet.targets().map((target) => fleet.open(target)) : [];
  const settled = Promise.allSettled(opened).then(() => undefined);
  const late = new Promise<void>((resolve) => setTimeout(resolve, maxReadyMs).unref());

  const runLine = async (text: string): Promise<void> => {
    if (state.ended !== undefined || isClosed) return;
    abort = new AbortController();
    // As in shells: a line that starts with a blank is not remembered.
    if (!/^\s/.test(text)) remember(text);
    await send({ kind: 'line', text, nowMs: nowMs() });
    await send({ kind: 'lineEnded' });
  };
  const remember = (text: string): void => {
    try {
      addHistory(store, text, nowMs());
    } catch {
      // A full disk must not stop the command itself; what cannot be stored is said where it matters.
    }
  };
  const queue = (work: () => Promise<void>): Promise<void> => {
    lines = lines.then(work);
    return lines;
  };

  return {
    state: () => state,
    context,
    run,
    ready: Promise.race([settled, late]),
    snapshot: () => (snapshot ??= toSnapshot(state)),
    subscribe: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    line: (text) => queue(() => runLine(text)),
    interrupt: () => {
      abort.abort();
      void send({ kind: 'interrupted' });
    },
    end: () => queue(() => send({ kind: 'left' })),
    complete: (typed, cursor) => complete(typed, cursor, context),
    history: () => readHistory(store, maxHistory),
    close: async () => {
      if (isClosed) return;
      await stopRunning(context, listeners);
      isClosed = true;
      clearInterval(ticker);
      clearTimeout(tellTimer);
      await fleet.close();
      closeStore(store);
    },
  };
}

/** Actions end with the console that asked, on daemons too: they are stopped, and what they found is waited for a moment. */
async function stopRunning(context: PerformContext, listeners: Set<() => void>): Promise<void> {
  const running = [...context.state().running.keys()];
  if (running.length === 0) return;
  const ids = running.join(', ');
  print(context, [line(`stopping what still runs: action ${ids}`, 'warning')]);
  for (const action of running) context.fleet.cancel(action);
  const { promise, resolve } = Promise.withResolvers<void>();
  const check = (): void => {
    if (context.state().running.size === 0) resolve();
  };
  const timer = setTimeout(resolve, maxStopMs);
  listeners.add(check);
  check();
  await promise;
  listeners.delete(check);
  clearTimeout(timer);
}

/** A link to every host of the list. A list that cannot be read, or a line of it, is told of, and this host's agent works all the same. */
function readRemoteAgents(hosts: Hosts | undefined): {
  readonly remote: readonly { readonly host: Host; readonly link: AgentLink }[];
  readonly problems: readonly Line[];
} {
  if (!hosts) return { remote: [], problems: [] };
  const problems: Line[] = [];
  const guard = <Value>(work: () => readonly Value[]): readonly Value[] => {
    try {
      return work();
    } catch (error) {
      const { message, hint } = reportOf(error);
      problems.push(line(message, 'error'), line(hint, 'quiet'));
      return [];
    }
  };
  const list = guard(() => hosts.list.read());
  return { remote: list.flatMap((host) => guard(() => [{ host, link: hosts.createLink(host) }])), problems };
}
