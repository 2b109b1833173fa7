import type { ModuleResult } from '../../protocol/result.ts';

/** One query, with the parameters as they came. Never rejects. */
export type AnswerQuery = (parameters: unknown, signal: AbortSignal) => Promise<ModuleResult>;

/**
 * The one table of limits of a module's socket.
 *
 * | limit        | default | what happens when it is reached                                                                       |
 * |--------------|---------|-------------------------------------------------------------------------------------------------------|
 * | backlog      | 4096    | connections that wait to be taken; the kernel lets the next ones wait or try again (somaxconn holds, too) |
 * | connections  | 2048    | the one that has waited longest without sending its line is closed; where all have sent theirs, the new one is told so and closed |
 * | lineBytes    | 1 MiB   | the longest query; a longer line is told so and closed                                                |
 * | lineMs       | 10 s    | from the connection to the end of its line; slower callers are told so and closed                     |
 * | inputBytes   | 64 MiB  | of unfinished lines over all connections; who goes beyond is told so and closed                       |
 * | queryMs      | 300 s   | the query's signal is aborted                                                                         |
 * | abortMs      | 2 s     | how long an aborted query may take to answer with what it has                                         |
 * | answerBytes  | 64 MiB  | a longer answer is replaced by a failed one that says so                                              |
 * | outputBytes  | 256 MiB | of answers that wait for their readers over all connections; who goes beyond gets a failed answer     |
 * | readerMs     | 30 s    | a reader that takes nothing for so long is closed                                                     |
 */
export interface QueryServerLimits {
  readonly backlog: number;
  readonly connections: number;
  readonly lineBytes: number;
  readonly lineMs: number;
  readonly inputBytes: number;
  readonly queryMs: number;
  readonly abortMs: number;
  readonly answerBytes: number;
  readonly outputBytes: number;
  readonly readerMs: number;
}

const mebibyte = 1024 * 1024;

export const queryServerLimits: QueryServerLimits = {
  backlog: 4096,
  connections: 2048,
  lineBytes: mebibyte,
  lineMs: 10_000,
  inputBytes: 64 * mebibyte,
  queryMs: 300_000,
  abortMs: 2000,
  answerBytes: 64 * mebibyte,
  outputBytes: 256 * mebibyte,
  readerMs: 30_000,
};
