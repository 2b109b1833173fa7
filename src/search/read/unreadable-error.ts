/** A file whose bytes cannot be had although it was opened. The message says why, for an investigator. */
export class UnreadableError extends Error {
  constructor(reason: string, options: { readonly cause?: unknown } = {}) {
    super(reason, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'UnreadableError';
  }
}
