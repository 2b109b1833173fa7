import type { Clock } from '../base/clock.ts';
import type { Log } from '../base/log.ts';

/** What a module may use while it runs. */
export interface RunContext<Elements = unknown> {
  /** Aborted on a stop message, a cancel or the time limit: return what was found until then. Long work gives way to it at least every 100 ms. */
  readonly signal: AbortSignal;
  readonly clock: Clock;
  readonly log: Log;
  readonly progress: Progress<Elements>;
  /** Where the persistent side of this module listens, as it registered ("unix:PATH"); undefined when it does not run. */
  readonly persistSocket?: string | undefined;
  /** Tells where the agent of this host listens, for a module that asks it for something. Throws what is wrong with its configuration. */
  readonly findAgent?: (() => Promise<string>) | undefined;
}

/** How a module tells what it does before it ends. Both may be called as often as it likes: they are throttled behind the call. */
export interface Progress<Elements = unknown> {
  /** How many things (files, sockets, processes) were looked at so far. */
  readonly examined: (count: number) => void;
  /** One finding, in the shape of the module's elements with just this finding in it. It stands again in the final elements. */
  readonly hit: (fragment: Elements) => void;
}

/** What a run comes to. A soft failure (one unreadable file) is a text in `errors`; anything that must end the run is thrown. */
export interface RunOutcome<Elements, Statistics> {
  readonly foundAnything: boolean;
  readonly elements: Elements;
  readonly statistics: Statistics;
  readonly errors: readonly string[];
}

/** MIG's Runner: the work of a module on an endpoint, with parameters that were validated. */
export type Run<Params, Elements, Statistics> = (
  params: Params,
  context: RunContext<Elements>,
) => Promise<RunOutcome<Elements, Statistics>>;
