import { closeSync, constants, fstatSync, openSync, writeSync } from 'node:fs';
import { ConfigError, messageOf } from '../../base/app-error.ts';
import type { Log } from '../../base/log.ts';
import { visible } from '../../base/visible.ts';
import type { AgentLogConfig } from './agent-config.ts';

/** The agent's log, on standard error or in a file. It never throws: what cannot be written is counted, and the count is written when that works again. */
export interface AgentLog extends Log {
  /** Opens the file again, after it was moved away (HUP). When that fails the open one is kept, and says so. */
  readonly reopen: () => void;
  readonly close: () => void;
}

const levels = ['info', 'warn', 'error'] as const;
type Level = (typeof levels)[number];
type Values = Readonly<Record<string, unknown>>;

/** A longer line means a value that nobody reads. */
const maxLineBytes = 64 * 1024;

const standardError = 2;

/** Throws ConfigError LOG_UNWRITABLE when the file cannot be opened. */
export function openAgentLog(
  config: AgentLogConfig,
  options: {
    readonly nowMs: () => number;
    /** Writes some of the bytes and tells how many, or throws, as writeSync. */
    readonly write?: (descriptor: number, bytes: Uint8Array) => number;
  },
): AgentLog {
  const { nowMs, write = writeSync } = options;
  let descriptor = config.file === undefined ? standardError : openLogFile(config.file);
  let lost = 0;
  let lostBecause = '';
  // A line that was cut off by a full disk is ended before the next.
  let isCut = false;

  const tryWrite = (text: string): boolean => {
    const bytes = Buffer.from(isCut ? `\n${text}` : text);
    let from = 0;
    try {
      while (from < bytes.length) from += write(descriptor, bytes.subarray(from));
      isCut = false;
      return true;
    } catch (error) {
      if (from > 0) isCut = true;
      lostBecause = messageOf(error);
      return false;
    }
  };
  const format = config.format === 'json' ? formatJson : formatText;
  const writeLine = (level: Level, message: string, values: Values): void => {
    if (levels.indexOf(level) < levels.indexOf(config.level)) return;
    if (lost > 0) {
      const said = format(nowMs(), 'warn', 'lines of this log could not be written', {
        count: lost,
        reason: lostBecause,
      });
      if (!tryWrite(said)) {
        lost++;
        return;
      }
      lost = 0;
    }
    if (!tryWrite(format(nowMs(), level, message, values))) lost++;
  };
  const at =
    (level: Level) =>
    (message: string, values: Values = {}): void =>
      writeLine(level, message, values);
  return {
    info: at('info'),
    warn: at('warn'),
    error: at('error'),
    reopen: () => {
      if (config.file === undefined) return;
      try {
        const next = openLogFile(config.file);
        closeSync(descriptor);
        descriptor = next;
        isCut = false;
      } catch (error) {
        writeLine('error', 'the log file cannot be opened again, the old one is kept', { reason: messageOf(error) });
      }
    },
    close: () => {
      if (descriptor !== standardError) closeSync(descriptor);
      // Whoever logs after the end is heard on standard error.
      descriptor = standardError;
    },
  };
}

function openLogFile(path: string): number {
  try {
    // A FIFO without a reader must not hold the agent up.
    const flags =
      constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT | constants.O_NONBLOCK | constants.O_NOCTTY;
    const descriptor = openSync(path, flags, 0o600);
    if (fstatSync(descriptor).isFile()) return descriptor;
    closeSync(descriptor);
    throw new Error('expected a regular file, got something else');
  } catch (cause) {
    throw new ConfigError('LOG_UNWRITABLE', `${path}: ${messageOf(cause)}`, { cause });
  }
}

function formatJson(ms: number, level: Level, message: string, values: Values): string {
  const head = { time: new Date(ms).toISOString(), level, message };
  const text = stringify({ ...head, ...values });
  if (text !== undefined && text.length <= maxLineBytes) return `${text}\n`;
  return `${JSON.stringify({ ...head, message: message.slice(0, 8192), note: 'the values were too large, or no JSON' })}\n`;
}

function formatText(ms: number, level: Level, message: string, values: Values): string {
  const parts = Object.entries(values).flatMap(([name, value]) =>
    value === undefined
      ? []
      : [`${name}=${typeof value === 'string' && /^[^\s"=]+$/.test(value) ? value : stringify(value)}`],
  );
  const text = visible([message, ...parts].join(' ')).slice(0, maxLineBytes);
  return `${new Date(ms).toISOString()} ${level.padEnd(5)} ${text}\n`;
}

/** undefined for what JSON cannot hold: circles, big integers. */
function stringify(value: unknown): string | undefined {
  try {
    return JSON.stringify(value);
  } catch {
    // The line is written without it.
    return undefined;
  }
}
