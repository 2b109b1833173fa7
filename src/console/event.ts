/** Everything that can happen to the console. `update` is the only one who reads events. */
import type { ErrorReport } from '../base/app-error.ts';
import type { Line } from '../module/line.ts';
import type { Action } from '../protocol/action.ts';
import type { Alert } from '../protocol/alert.ts';
import type { CommandStatus, ModuleEvent, Report } from '../protocol/frame.ts';
import type { AlertNews } from './alert-feed.ts';
import type { AskedPivots } from './results/find-pivots.ts';
import type { AgentState, Place } from './state.ts';
import type { Topic } from './topic.ts';

export type Event =
  /** A line was typed. */
  | { readonly kind: 'line'; readonly text: string; readonly nowMs: number }
  /** All that the line caused has been done. */
  | { readonly kind: 'lineEnded' }
  /** Ctrl-C. */
  | { readonly kind: 'interrupted' }
  /** Ctrl-D on an empty line. */
  | { readonly kind: 'left' }
  /** An effect could not be done. */
  | { readonly kind: 'failed'; readonly error: ErrorReport }
  /** A question that `update` asked was answered. */
  | { readonly kind: 'answered'; readonly topic: Topic; readonly value: unknown; readonly nowMs: number }
  /** The questions of a module have come to parameters. */
  | {
      readonly kind: 'paramsMade';
      readonly module: string;
      readonly parameters: unknown;
      /** The operation they belong to, counting from 1; undefined = a new one. */
      readonly at: number | undefined;
    }
  /** The flags of an operation, with the texts of the files that they named. */
  | {
      readonly kind: 'flagsRead';
      readonly module: string;
      readonly flags: readonly string[];
      readonly at: number | undefined;
    }
  /** A draft was read from a file or copied from an action. */
  | { readonly kind: 'draftMade'; readonly draft: Action; readonly notices: readonly string[]; readonly nowMs: number }
  /** What the results of an action can be followed into. */
  | ({ readonly kind: 'pivotsFound'; readonly nowMs: number } & AskedPivots)
  /** The thing at this place exists. */
  | { readonly kind: 'opened'; readonly place: Place }
  /** What an agent is now. */
  | { readonly kind: 'agentChanged'; readonly agent: AgentState }
  /** A host was removed from this console. */
  | { readonly kind: 'agentRemoved'; readonly target: string }
  /** An action is stored and its commands are about to be sent. */
  | {
      readonly kind: 'launched';
      readonly action: number;
      readonly name: string;
      readonly operations: number;
      readonly agents: readonly string[];
      readonly follow: boolean;
      readonly nowMs: number;
      readonly expireAfterMs: number;
    }
  /** An agent reported; the report is stored already. */
  | {
      readonly kind: 'reported';
      readonly action: number;
      readonly n: number;
      readonly agent: string;
      readonly report: Report;
      readonly nowMs: number;
    }
  /** Newly arrived hits as lines. */
  | { readonly kind: 'hitsShown'; readonly action: number; readonly lines: readonly Line[] }
  /** A command ended without a word of its agent. */
  | {
      readonly kind: 'commandEnded';
      readonly action: number;
      readonly n: number;
      readonly status: CommandStatus;
      readonly reason: string;
      readonly nowMs: number;
    }
  /** A persistent module of this agent raised an alert; it comes at least once, and nothing has stored it yet. */
  | { readonly kind: 'alertReceived'; readonly target: string; readonly agent: string; readonly alert: Alert }
  /** A target whose found(N) and notfound(N) are worked out: the draft's from now on. */
  | { readonly kind: 'targetExpanded'; readonly target: string; readonly nowMs: number }
  /** A new alert is kept, or shown though it could not be. */
  | {
      readonly kind: 'alertKept';
      readonly news: AlertNews;
      /** By how much the number of those that nobody acknowledged changed. */
      readonly unacknowledged: number;
      readonly nowMs: number;
    }
  /** How many alerts nobody has acknowledged, counted anew. */
  | { readonly kind: 'alertsCounted'; readonly unacknowledged: number }
  /** What a watched persistent module tells. */
  | { readonly kind: 'moduleEvent'; readonly target: string; readonly event: ModuleEvent }
  /** Time passes; sent about every second while an action runs. */
  | { readonly kind: 'ticked'; readonly nowMs: number };
