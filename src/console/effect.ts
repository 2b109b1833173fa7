/** Everything the console does to the world, as values that `update` returns and `perform` carries out, one after another. */
import type { ErrorReport } from '../base/app-error.ts';
import type { Question } from '../module/ask.ts';
import type { Line } from '../module/line.ts';
import type { Action } from '../protocol/action.ts';
import type { Alert } from '../protocol/alert.ts';
import type { ActionFilter, ActionStatus } from '../store/actions.ts';
import type { AlertFilter } from '../store/alerts.ts';
import type { CommandFilter } from '../store/commands.ts';
import type { Host } from '../store/hosts.ts';
import type { ResultQuery } from './results/result-query.ts';
import type { Format } from './settings.ts';
import type { Grep } from './pipes.ts';
import type { Place } from './state.ts';
import type { Topic } from './topic.ts';

/** The commands of an action to show: found, notfound or all, filtered by expressions on the printed row. */
export interface ListQuery {
  readonly action: number;
  readonly show: 'found' | 'notfound' | 'all';
  readonly pipes: ResultQuery['pipes'];
}

export type AgentFacts = 'details' | 'json' | 'json pretty';

export type Effect =
  | { readonly kind: 'print'; readonly lines: readonly Line[] }
  /** Text that holds nothing hidden: JSON. */
  | { readonly kind: 'printSafe'; readonly texts: readonly string[] }
  | { readonly kind: 'fail'; readonly error: ErrorReport }
  | { readonly kind: 'ask'; readonly question: Question; readonly topic: Topic }
  /** Runs a module's questions. */
  | {
      readonly kind: 'createParams';
      readonly module: string;
      readonly previous: unknown;
      readonly at: number | undefined;
    }
  /** Reads the files that flags of an operation name. */
  | {
      readonly kind: 'readFlags';
      readonly module: string;
      readonly flags: readonly string[];
      readonly at: number | undefined;
    }
  | { readonly kind: 'saveDraft'; readonly draft: Action }
  | { readonly kind: 'removeDraft' }
  | { readonly kind: 'saveSetting'; readonly name: string; readonly value: string }
  | { readonly kind: 'loadAction'; readonly path: string }
  | { readonly kind: 'copyAction'; readonly action: number }
  /** Reads what the results of an action, or of one command of it, can be followed into. */
  | {
      readonly kind: 'findPivots';
      readonly query: { readonly action: number; readonly n: number | undefined };
      readonly words: readonly string[];
      readonly launch: boolean;
    }
  | { readonly kind: 'writeFile'; readonly path: string; readonly text: string; readonly force: boolean }
  /** Checks that the thing exists, and prints its head. */
  | { readonly kind: 'open'; readonly place: Place }
  | {
      readonly kind: 'launch';
      readonly action: Action;
      /** Targets of the console's own agents: "local". */
      readonly targets: readonly string[];
      readonly follow: boolean;
    }
  /** Sends the stored action to its agents. */
  | { readonly kind: 'dispatch'; readonly action: number }
  /** Waits until the action has ended or is no longer followed. */
  | { readonly kind: 'follow'; readonly action: number }
  | { readonly kind: 'cancel'; readonly action: number }
  /** Ends the commands that have no answer. */
  | { readonly kind: 'expire'; readonly action: number }
  | { readonly kind: 'finishAction'; readonly action: number; readonly status: ActionStatus }
  /** Turns hits into lines for the live block. */
  | {
      readonly kind: 'showHits';
      readonly action: number;
      readonly agent: string;
      readonly operation: number;
      readonly elements: unknown;
    }
  | { readonly kind: 'showResults'; readonly query: ResultQuery }
  | { readonly kind: 'showList'; readonly query: ListQuery }
  | { readonly kind: 'showLedger'; readonly action: number }
  | { readonly kind: 'showCounters'; readonly action: number }
  | { readonly kind: 'showAction'; readonly action: number; readonly facts: 'details' | 'times' | 'investigators' }
  | { readonly kind: 'showActionJson'; readonly action: number; readonly pack: boolean }
  | { readonly kind: 'showCommandJson'; readonly action: number; readonly n: number }
  | { readonly kind: 'showActions'; readonly filter: ActionFilter }
  | { readonly kind: 'showCommands'; readonly filter: CommandFilter }
  | {
      readonly kind: 'showAgents';
      readonly filter: string | undefined;
      readonly status?: string;
      readonly version?: string;
      readonly limit?: number;
    }
  | { readonly kind: 'showAgent'; readonly agent: string; readonly facts: AgentFacts }
  | { readonly kind: 'showLastActions'; readonly agent: string; readonly limit: number }
  | { readonly kind: 'showHosts' }
  /** All of them or none. */
  | { readonly kind: 'addHosts'; readonly hosts: readonly Host[] }
  | { readonly kind: 'loadHosts'; readonly path: string }
  | { readonly kind: 'removeHost'; readonly name: string }
  | { readonly kind: 'showDashboard' }
  /** Says whom a condition means. */
  | { readonly kind: 'showTarget'; readonly target: string; readonly ids: boolean }
  /** Works out found(N) and notfound(N). */
  | { readonly kind: 'expandTarget'; readonly target: string }
  /** Shows what a persistent module tells until the command is interrupted. */
  | {
      readonly kind: 'watch';
      readonly module: string;
      readonly target: string;
      readonly format: 'text' | 'jsonl';
      /** The lines that are wanted. */
      readonly greps: readonly Grep[];
    }
  /** Stores an alert, and tells its agent so. */
  | { readonly kind: 'keepAlert'; readonly target: string; readonly agent: string; readonly alert: Alert }
  | {
      readonly kind: 'showAlerts';
      readonly filter: AlertFilter;
      readonly format: Format;
      readonly pipes: ResultQuery['pipes'];
    }
  | { readonly kind: 'showAlert'; readonly id: number; readonly json: boolean }
  /** Undefined: all of them. */
  | { readonly kind: 'acknowledgeAlerts'; readonly ids: readonly number[] | undefined }
  | { readonly kind: 'showHistory'; readonly limit: number }
  | { readonly kind: 'export'; readonly query: ResultQuery; readonly path: string; readonly force: boolean };
