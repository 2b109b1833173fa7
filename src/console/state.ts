/** What the console knows: small, immutable, and without any rows of results: those stay in the store. */
import type { Action } from '../protocol/action.ts';
import type { AgentInfo } from '../protocol/agent-info.ts';
import { emptyFeed, type AlertFeed } from './alert-feed.ts';
import type { ResultQuery } from './results/result-query.ts';
import { initialSettings, type Settings } from './settings.ts';
import type { Mode } from './ports.ts';
import type { Tally } from './tally.ts';

/** Where the investigator is, and in what. */
export type Place =
  | { readonly mode: 'base' }
  | { readonly mode: 'launcher' }
  | { readonly mode: 'action'; readonly action: number }
  | { readonly mode: 'command'; readonly action: number; readonly n: number }
  | { readonly mode: 'agent'; readonly agent: string };

/** An agent that this console talks to itself. */
export interface AgentState {
  /** What a target calls it: "local", or the name of its host. */
  readonly target: string;
  /** What the investigator calls it where that is not plain from the rest. */
  readonly name?: string | undefined;
  readonly phase: 'starting' | 'online' | 'lost';
  /** Once it has said who it is. */
  readonly info?: AgentInfo | undefined;
  /** Why it is lost. */
  readonly reason?: string | undefined;
  /** It was a daemon, and is waited for. */
  readonly isReturning?: boolean | undefined;
  /** It has called itself another one while its link was open. */
  readonly hasChangedId?: boolean | undefined;
  /** How long its link took to open. */
  readonly openingMs?: number | undefined;
}

export interface State {
  readonly caseName: string;
  readonly agents: readonly AgentState[];
  /** Where the investigator came from first; the last is where he is. Never empty. */
  readonly places: readonly Place[];
  /** The launcher's draft: it stays when the launcher is left. */
  readonly draft: Action | undefined;
  /** Actions that this console launched and that have not ended, by id. */
  readonly running: ReadonlyMap<number, Tally>;
  /** The action that is being followed. */
  readonly following: number | undefined;
  readonly alerts: AlertFeed;
  readonly settings: Settings;
  /** What `results` showed last: `export` writes the same. */
  readonly lastQuery: ResultQuery | undefined;
  /** The command that runs. */
  readonly busy: string | undefined;
  /** True once the running line has failed. */
  readonly hasFailed: boolean;
  /** Somebody sits at a terminal and can be asked. */
  readonly isInteractive: boolean;
  readonly ended: number | undefined;
}

export function initialState(values: Partial<State> = {}): State {
  return {
    caseName: 'default',
    agents: [],
    places: [{ mode: 'base' }],
    draft: undefined,
    running: new Map(),
    following: undefined,
    alerts: emptyFeed,
    settings: initialSettings,
    lastQuery: undefined,
    busy: undefined,
    hasFailed: false,
    isInteractive: false,
    ended: undefined,
    ...values,
  };
}

export function currentPlace(state: State): Place {
  return state.places.at(-1) ?? { mode: 'base' };
}

export function currentMode(state: State): Mode {
  return currentPlace(state).mode;
}

/** "action 12>" */
export function formatPrompt(place: Place): string {
  switch (place.mode) {
    case 'base':
      return 'gumshoe>';
    case 'launcher':
      return 'launcher>';
    case 'action':
      return `action ${place.action}>`;
    case 'command':
      return `command ${place.action}.${place.n}>`;
    case 'agent':
      return `agent ${place.agent}>`;
  }
}
