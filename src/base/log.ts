/** A structured log line: what happened, in a few words, and the values that belong to it. */
export interface Log {
  readonly info: (message: string, values?: Readonly<Record<string, unknown>>) => void;
  readonly warn: (message: string, values?: Readonly<Record<string, unknown>>) => void;
  readonly error: (message: string, values?: Readonly<Record<string, unknown>>) => void;
}

/** Discards everything: for tests and for callers that report by other means. */
export const silentLog: Log = { info: () => {}, warn: () => {}, error: () => {} };

/** One JSON object a line to `write`, with time and level. */
export function createLog(write: (line: string) => void, nowMs: () => number): Log {
  const at =
    (level: string) =>
    (message: string, values: Readonly<Record<string, unknown>> = {}) =>
      write(`${JSON.stringify({ time: new Date(nowMs()).toISOString(), level, message, ...values })}\n`);
  return { info: at('info'), warn: at('warn'), error: at('error') };
}
