import type { QueuedAlert } from './alert-queue.ts';

/** Where alerts go. */
export interface Sink {
  /** 'http', 'syslog' or 'log': its place in the queue is kept under this name. */
  readonly name: string;
  /** For people: without anything secret. */
  readonly to: string;
  /** One attempt. Never rejects; an abort ends it as `retry`. */
  readonly deliver: (alert: QueuedAlert, signal: AbortSignal) => Promise<Delivery>;
  readonly close: () => void;
}

export type Delivery =
  | { readonly kind: 'delivered' }
  /** The receiver will never take it. */
  | { readonly kind: 'refused'; readonly reason: string }
  /** `afterMs`: when the receiver said when to come again. */
  | { readonly kind: 'retry'; readonly reason: string; readonly afterMs?: number | undefined };
