import type { Module } from '../../module/define-module.ts';
import type { Limits } from '../limits.ts';

/** What an agent is told to be, read whole before it does anything: from its file, the environment and the defaults of its account. */
export interface AgentConfig {
  /** The file it was read from; undefined where there is none and the defaults hold. */
  readonly path: string | undefined;
  /** The socket and the lock: gone after a reboot. */
  readonly runFolder: string;
  /** Identity, alerts, restarts, and a folder for each persistent module: kept. */
  readonly stateFolder: string;
  /** What the agent is called; the host's name unless it is given. */
  readonly name: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly extraPrivacy: boolean;
  readonly log: AgentLogConfig;
  readonly limits: Limits;
  /** Accounts that may talk to the daemon, besides its own and root. */
  readonly allowedUids: readonly number[];
  readonly restart: RestartConfig;
  /** The persistent modules that are enabled, with their validated sections. */
  readonly persistent: readonly EnabledModule[];
}

export interface AgentLogConfig {
  readonly level: 'info' | 'warn' | 'error';
  /** `json`: one object a line; `text`: time, level, message, key=value. */
  readonly format: 'json' | 'text';
  /** Appended to, readable by its owner alone; undefined = standard error. */
  readonly file: string | undefined;
}

export interface RestartConfig {
  /** Further restarts within the window are refused. */
  readonly maxInWindow: number;
  readonly windowMs: number;
}

export interface EnabledModule {
  readonly module: Module;
  readonly config: unknown;
}
