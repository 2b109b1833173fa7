import { errorHints } from './error-hints.ts';

/** A code of the table in error-hints.ts; every one is documented in ERRORS.md. */
export type ErrorCode = keyof typeof errorHints;

/** What crosses a wire when something failed: never a stack. */
export interface ErrorReport {
  readonly code: string;
  readonly message: string;
  readonly hint: string;
}

/**
 * A failure that was expected to be possible and can be explained to the investigator. Anything thrown that is not an AppError is a bug.
 * `message` names the thing and both sides ("expected ..., got ..."), lower case, no full stop; the hint comes from the code.
 */
export class AppError extends Error {
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string, options: { readonly cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = new.target.name;
    this.code = code;
  }

  get hint(): string {
    return errorHints[this.code];
  }

  toReport(): ErrorReport {
    return { code: this.code, message: this.message, hint: this.hint };
  }
}

export class ConfigError extends AppError {}
export class ProtocolError extends AppError {}
export class TransportError extends AppError {}
export class ModuleError extends AppError {}
export class StoreError extends AppError {}
export class AgentError extends AppError {}
export class ConsoleError extends AppError {}
export class MonitorError extends AppError {}

/** The report of any thrown thing: a bug keeps its message but says that it is one. */
export function reportOf(error: unknown): ErrorReport {
  if (error instanceof AppError) return error.toReport();
  return { code: 'BUG', message: messageOf(error), hint: errorHints.BUG };
}

/** The message of any thrown thing, without a stack. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
