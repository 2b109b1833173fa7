import type { AsideAlert } from './alert-queue.ts';

/** MIG's answer is {ok}. */
export interface Elements {
  readonly ok: boolean;
  /** Alerts that wait for at least one sink. */
  readonly queued: number;
  readonly queuedBytes: number;
  /** Alerts that the queue had no room for: the oldest went first. */
  readonly dropped: number;
  readonly sinks: readonly SinkState[];
  /** With `failed`: what was refused for good, newest first. */
  readonly failed?: readonly AsideAlert[];
  /** With `again`: how many of those are tried again. */
  readonly again?: number;
}

export interface SinkState {
  readonly name: string;
  /** Where it sends to. */
  readonly to: string;
  readonly queued: number;
  readonly sent: number;
  /** Kept aside, because the receiver refused them for good. */
  readonly undeliverable: number;
  /** Attempts in a row that failed and are tried again; 0 when all is well. */
  readonly failing: number;
  readonly lastError?: { readonly at: string; readonly text: string } | undefined;
}

/** MIG's module has none. */
export type Statistics = null;
