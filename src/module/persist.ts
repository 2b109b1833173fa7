/**
 * The contract of a persistent module: a process that the agent starts at its own start (`-P`) and supervises, and that is asked while it runs.
 *
 * A persistent module is both of MIG's sides: its `persist` (PersistRunner) lives in that process; its `run` (Runner) is the short `-m` process of a query,
 * which connects to the socket that the module registered, hands the parameters over and returns the answer (query-persistent.ts).
 */
import type { z } from 'zod';
import type { Clock } from '../base/clock.ts';
import type { Alert } from '../protocol/alert.ts';
import type { RunOutcome } from './run.ts';

/** What the agent tells a persistent module about its host. */
export interface PersistHost {
  readonly hostname: string;
  /** MIG's environment: AgentInfo['environment']. */
  readonly environment: unknown;
  readonly tags: Readonly<Record<string, string>>;
}

export interface PersistContext<Config> {
  /** Validated by the card's schema. */
  readonly config: Config;
  /** True: alerts and events leave with what identifies people or places masked by the module. Answers are masked by the card's enhancePrivacy. */
  readonly extraPrivacy: boolean;
  readonly host: PersistHost;
  /** A line of the agent's log, with the module's name. */
  readonly log: (message: string) => void;
  /**
   * Raises an alert: the agent keeps it on disk and tells every console. MIG's own shape is {severity, alert}; another object, or a text, is sent as it is.
   * When this returns it stands on the module's own disk, and is sent until the agent has stored it, by the next life of the module if need be: a KILL of
   * either loses none and doubles none. (A full disk can: what it does not take is told live, and the log says so. So can 10,000 that wait for the agent: the
   * oldest are dropped, and an alert with their number takes their place.)
   */
  readonly alert: (message: Readonly<Record<string, unknown>> | string) => void;
  /** Something that happened, for consoles that watch: told live, kept nowhere. */
  readonly event: (fields: Readonly<Record<string, unknown>>) => void;
  /** Aborted when the module is to end. */
  readonly signal: AbortSignal;
  readonly clock: Clock;
  /** The module's own folder, made, mode 0700: what is there survives restarts. */
  readonly stateFolder: string;
}

export interface PersistHandlers<Params, Elements, Statistics> {
  /** One query, with validated parameters. Queries run side by side. What it throws becomes the failed envelope of that query alone. */
  readonly query: (
    params: Params,
    context: { readonly signal: AbortSignal },
  ) => Promise<RunOutcome<Elements, Statistics>>;
  /** An alert of any module, to be sent on. Resolves when it is safe on disk: until then the agent keeps it, and gives it again after a restart. */
  readonly handleAlert?: (alert: Alert) => Promise<void>;
  /** Saves what must not be lost; a stop follows. Absent = ready at once. */
  readonly prepareStop?: () => Promise<void>;
  /** Closes what is open; the process ends after it. */
  readonly stop?: () => Promise<void>;
}

/** The life of a persistent module. Resolves when it works: the agent counts it as healthy from then on. Throws what keeps it from working. */
export type Persist<Params, Config, Elements, Statistics> = (
  context: PersistContext<Config>,
) => Promise<PersistHandlers<Params, Elements, Statistics>>;

/** The persistent half of a card. */
export interface PersistentCard<Params, Config, Elements, Statistics> {
  /** Its section `persistent.NAME` of the agent's configuration, without `enabled`. Strict: an unknown key is an error. Every key has a default. */
  readonly config: z.ZodType<Config>;
  /** True where an agent without a configuration runs it. */
  readonly isDefault: boolean;
  /** The section as it stands, commented, in a new configuration file: lines of YAML without indentation. */
  readonly configExample: string;
  readonly load: () => Promise<{ readonly persist: Persist<Params, Config, Elements, Statistics> }>;
}
