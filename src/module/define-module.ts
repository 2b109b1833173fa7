import type { ModuleResult } from '../protocol/result.ts';
import type { ParamsCreator } from './ask.ts';
import type { Line, Row } from './line.ts';
import type { Params } from './params.ts';
import type { PersistentCard } from './persist.ts';
import type { Followable, Pivots } from './pivot.ts';
import type { EnhancePrivacy, PrintEvent, PrintOptions, PrintResults, Rows } from './print.ts';
import type { Run, RunContext, RunOutcome } from './run.ts';

export type Platform = 'linux' | 'darwin' | 'win32';

/** An example of a command line: the flags behind the module's name, and what it asks in one line. Every example is run by a test. */
export interface Example {
  readonly flags: string;
  readonly summary: string;
  /** True where any host has to refuse it: what a module destroys cannot be there to be named in an example. */
  readonly refused?: true;
}

/**
 * A module's card: everything about it in one value. Its parts are loaded lazily by the side that needs them: `run` and `enhancePrivacy` by the agent,
 * `paramsCreator` and `printResults` by the console. If the parts disagree on their types, the card does not compile.
 */
export interface ModuleCard<P, Elements, Statistics, Config = never> {
  readonly name: string;
  readonly summary: string;
  readonly platforms: readonly Platform[];
  /** Said by the other platforms, and by this one where something is missing: what the module lacks there. */
  readonly lacks?: string;
  readonly examples: readonly Example[];
  readonly params: Params<P>;
  /** What stands in the result of a run that failed before it began, where MIG's module has something else than null there. */
  readonly failed?: { readonly elements: Elements; readonly statistics: Statistics };
  readonly run: () => Promise<{ readonly run: Run<P, Elements, Statistics> }>;
  /** Persistent modules alone: the process that `run` asks. */
  readonly persistent?: PersistentCard<P, Config, Elements, Statistics>;
  readonly printResults: () => Promise<{
    readonly printResults: PrintResults<Elements, Statistics>;
    readonly rows: Rows<Elements, Statistics>;
    /** Persistent modules: their events for who watches them; absent = their fields as words. */
    readonly printEvent?: PrintEvent;
  }>;
  /** What findings can be followed into; absent = nothing. */
  readonly pivots?: () => Promise<{ readonly pivots: Pivots<P, Elements, Statistics> }>;
  /** Absent = prompts made from the schema. */
  readonly paramsCreator?: () => Promise<{ readonly paramsCreator: ParamsCreator<P> }>;
  /** Absent = results leave the endpoint as they are even when extra privacy is on. */
  readonly enhancePrivacy?: () => Promise<{ readonly enhancePrivacy: EnhancePrivacy<Elements, Statistics> }>;
}

/** A card whose types are forgotten, as agent and console handle all modules alike. Values that cross it were validated or come from the module itself. */
export interface Module {
  readonly name: string;
  readonly summary: string;
  readonly platforms: readonly Platform[];
  readonly lacks: string | undefined;
  readonly examples: readonly Example[];
  readonly params: Params<unknown>;
  readonly failed: { readonly elements: unknown; readonly statistics: unknown };
  readonly loadRun: () => Promise<(params: unknown, context: RunContext) => Promise<RunOutcome<unknown, unknown>>>;
  readonly persistent: PersistentCard<unknown, unknown, unknown, unknown> | undefined;
  readonly loadPrinter: () => Promise<{
    readonly printResults: (result: ModuleResult, options: PrintOptions) => readonly Line[];
    readonly rows: (result: ModuleResult) => readonly Row[];
    readonly printEvent?: PrintEvent;
  }>;
  /** What findings can be followed into, or undefined where that is nothing. */
  readonly loadPivots: () => Promise<((result: ModuleResult, parameters: unknown) => Followable) | undefined>;
  /** The module's own creator, or undefined where prompts are made from the schema. */
  readonly loadParamsCreator: () => Promise<ParamsCreator | undefined>;
  /** The module's hook, or undefined where it has none. */
  readonly loadEnhancePrivacy: () => Promise<((result: ModuleResult) => ModuleResult) | undefined>;
}

/** Checks that the parts of a card fit together (at compile time) and forgets their types. */
export function defineModule<P, Elements, Statistics, Config = never>(
  card: ModuleCard<P, Elements, Statistics, Config>,
): Module {
  const { run, persistent, printResults, pivots, paramsCreator, enhancePrivacy, ...facts } = card;
  return {
    ...facts,
    lacks: card.lacks,
    persistent: persistent as unknown as Module['persistent'],
    failed: card.failed ?? { elements: null, statistics: null },
    loadRun: async () => (await run()).run as Awaited<ReturnType<Module['loadRun']>>,
    loadPrinter: async () => (await printResults()) as Awaited<ReturnType<Module['loadPrinter']>>,
    loadPivots: async () => (await pivots?.())?.pivots as Awaited<ReturnType<Module['loadPivots']>>,
    loadParamsCreator: async () => (await paramsCreator?.())?.paramsCreator as ParamsCreator | undefined,
    loadEnhancePrivacy: async () =>
      (await enhancePrivacy?.())?.enhancePrivacy as Awaited<ReturnType<Module['loadEnhancePrivacy']>>,
  };
}
