/** The console's end of a link to one agent, whatever carries the bytes. Every implementation passes the contract in test/src/transport/link.test.ts. */
import type { ErrorReport } from '../base/app-error.ts';
import type { Action } from '../protocol/action.ts';
import type { AgentInfo } from '../protocol/agent-info.ts';
import type { Report } from '../protocol/frame.ts';

export type LinkState =
  /** With a reason unless it was never opened or the console closed it itself. */
  | { readonly kind: 'closed'; readonly reason?: ErrorReport }
  | { readonly kind: 'opening' }
  | { readonly kind: 'open'; readonly agent: AgentInfo };

export interface AgentLink {
  /** What the console calls the agent: 'local'. */
  readonly name: string;
  readonly state: () => LinkState;
  /**
   * What the agent says about itself. Calls while it opens or is open share one opening; after an end it starts anew.
   * Throws TransportError AGENT_UNREACHABLE that says how the agent ended and its last words on standard error.
   */
  readonly open: () => Promise<AgentInfo>;
  /** Sends an action; reports follow. The same ref twice runs once and sends the reports again. Throws TransportError LINK_CLOSED when not open. */
  readonly dispatch: (ref: string, action: Action) => void;
  /** Stops the action's operations; their partial results and `done` follow. Does nothing for a ref that is not running or when not open. */
  readonly cancel: (ref: string) => void;
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
