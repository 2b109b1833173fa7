import type { ErrorReport } from '../base/app-error.ts';
import type { Action } from '../protocol/action.ts';
import type { AgentInfo } from '../protocol/agent-info.ts';
import type { Report } from '../protocol/frame.ts';

/** A link begins closed without a reason; it is closed with one when it broke or could not be opened. */
export type LinkState =
  | { readonly kind: 'closed'; readonly reason?: ErrorReport }
  | { readonly kind: 'opening' }
  | { readonly kind: 'open'; readonly agent: AgentInfo };

/**
 * The console's end of a link to one agent, over any transport. What comes through it is checked for its shape and nothing else: an agent may lie about
 * refs and numbers, so a listener takes only what it waits for.
 */
export interface AgentLink {
  /** What the console calls the agent: "local". */
  readonly name: string;
  readonly state: () => LinkState;
  /** Resolves when the agent has said hello; at once when it already has. Throws TransportError AGENT_UNREACHABLE. A closed link may be opened again. */
  readonly open: () => Promise<AgentInfo>;
  /** Sends an action. Throws TransportError LINK_CLOSED when the link is not open. */
  readonly dispatch: (ref: string, action: Action) => void;
  /** Asks for the operations of an action to be stopped. Throws TransportError LINK_CLOSED when the link is not open. */
  readonly cancel: (ref: string) => void;
  /** Returns its unsubscribe. */
  readonly onReport: (listener: (ref: string, n: number, report: Report) => void) => () => void;
  /** Returns its unsubscribe. */
  readonly onState: (listener: (state: LinkState) => void) => () => void;
  /** Says goodbye and waits, with limits, until the agent has gone. */
  readonly close: () => Promise<void>;
}
