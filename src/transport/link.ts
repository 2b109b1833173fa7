/** The console's end of a link to one agent, whatever carries the bytes. Every implementation passes the contract in test/src/transport/link.test.ts. */
import type { ErrorReport } from '../base/app-error.ts';
import type { Action } from '../protocol/action.ts';
import type { AgentInfo } from '../protocol/agent-info.ts';
import type { Alert } from '../protocol/alert.ts';
import type { ModuleEvent, Report } from '../protocol/frame.ts';

export type LinkState =
  /** With a reason unless it was never opened or the console closed it itself. `how`: the same in few words, where it is said whose end it is. */
  | { readonly kind: 'closed'; readonly reason?: ErrorReport; readonly how?: string }
  | { readonly kind: 'opening' }
  /** `openingMs`: how long it took from the start of the program to the greeting. */
  | { readonly kind: 'open'; readonly agent: AgentInfo; readonly openingMs?: number };

export interface AgentLink {
  /** What the console calls the agent: 'local'. */
  readonly name: string;
  readonly state: () => LinkState;
  /**
   * What the agent says about itself. Calls while it opens or is open share one opening; after an end it starts anew. With `daemon` only an agent that
   * runs as a daemon will do, and is waited for a while: to come back to one that was lost.
   * Throws TransportError AGENT_UNREACHABLE that says how the agent ended and its last words on standard error.
   */
  readonly open: (options?: { readonly daemon?: boolean }) => Promise<AgentInfo>;
  /** Sends an action; reports follow. The same ref twice runs once and sends the reports again. Throws TransportError LINK_CLOSED when not open. */
  readonly dispatch: (ref: string, action: Action) => void;
  /** Stops the action's operations; their partial results and `done` follow. Does nothing for a ref that is not running or when not open. */
  readonly cancel: (ref: string) => void;
  /**
   * Asks a daemon, over a new opening of the link, for the reports of an earlier dispatch behind number `after`. They follow as reports; a ref that the
   * agent does not know is told to `onUnknown`. Throws TransportError LINK_CLOSED when not open.
   */
  readonly resume: (ref: string, options: { readonly after: number; readonly operations: number }) => void;
  /** The agent knows nothing of a ref that was to be resumed. Returns the unsubscribe. */
  readonly onUnknown: (listener: (ref: string) => void) => () => void;
  /** Asks for alerts behind number `after` (undefined: those that nobody has received) and all to come, for as long as the link is open. */
  readonly subscribeAlerts: (after: number | undefined) => void;
  /** Alerts, oldest first, at least once: drop what has a known (agent id, n). Returns the unsubscribe. */
  readonly onAlert: (listener: (alert: Alert) => void) => () => void;
  /** Tells the agent that this alert and all before it are stored here. */
  readonly confirmAlerts: (n: number) => void;
  /** Asks for what this persistent module tells as it happens, or no longer. Holds for as long as the link is open. */
  readonly watch: (module: string, on: boolean) => void;
  readonly onEvent: (listener: (event: ModuleEvent) => void) => () => void;
  /**
   * Reports of refs dispatched over this link, in order, at least once: drop what has a known (ref, n). Reports about anything else never come through.
   * Returns the unsubscribe.
   */
  readonly onReport: (listener: (ref: string, n: number, report: Report) => void) => () => void;
  /** Every change of state. Returns the unsubscribe. */
  readonly onState: (listener: (state: LinkState) => void) => () => void;
  /** Ends the agent's side in order, then by force; resolves when it is gone, within bounded time. May be called at any time, twice too. */
  readonly close: () => Promise<void>;
}
