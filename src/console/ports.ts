/**
 * Where the console's program meets whoever draws it: the terminal (Ink), the lines of a pipe, or a test. The program never draws and never reads
 * keys; a screen never runs a command.
 */
import type { Answerer } from '../module/ask.ts';
import type { Line } from '../module/line.ts';

/** The modes of the console, each with its own prompt and commands. */
export type Mode = 'base' | 'launcher' | 'action' | 'command' | 'agent';

/** What the program needs from a screen. */
export interface Screen {
  /** Writes lines above the prompt. Their text is raw; this is the boundary that makes it visible (base/visible.ts), once. */
  readonly print: (lines: readonly Line[]) => void;
  /** Writes lines that hold nothing hidden and are complete as they are (JSON, CSV). Absent: they go through print, which doubles backslashes. */
  readonly printSafe?: (texts: readonly string[]) => void;
  /** Says why a command failed: on standard error where there is one. Absent: print. */
  readonly printError?: (lines: readonly Line[]) => void;
  /** Puts a module's questions to the investigator. */
  readonly answerer: Answerer;
  /** Columns to fit tables in; undefined = no limit (a pipe). */
  readonly width: () => number | undefined;
}

/** The live block while an action is followed. Every operation of every agent counts once in the totals. */
export interface FollowSnapshot {
  readonly title: string;
  readonly sent: number;
  readonly done: number;
  readonly found: number;
  readonly nothing: number;
  readonly failed: number;
  readonly timedOut: number;
  readonly expired: number;
  readonly cancelled: number;
  readonly silent: number;
  /** Things looked at so far, over all operations. */
  readonly examined: number;
  readonly elapsedMs: number;
  /** Estimated, or until the action expires; undefined when unknown. */
  readonly leftMs: number | undefined;
  /** The newest hits, oldest first, a few only. */
  readonly newest: readonly Line[];
}

/** All that a screen draws beside the printed lines. A new object whenever something changed. */
export interface Snapshot {
  readonly mode: Mode;
  /** "launcher>", without a space behind it. */
  readonly prompt: string;
  /** What runs, while a command runs: typed lines wait. */
  readonly busy: string | undefined;
  readonly follow: FollowSnapshot | undefined;
  /** Parts of the status line: the case, agents, the draft. */
  readonly status: readonly string[];
  /** The exit status, once the console has ended. */
  readonly ended: number | undefined;
}

export interface Completion {
  /** Where in the line the candidates start: they replace the text from there to the cursor. */
  readonly from: number;
  readonly candidates: readonly { readonly text: string; readonly hint?: string | undefined }[];
}

/** The program as a screen uses it. */
export interface ConsoleProgram {
  readonly snapshot: () => Snapshot;
  /** Returns its unsubscribe. */
  readonly subscribe: (listener: () => void) => () => void;
  /** One typed line. Resolves when its command has ended; lines run one after another. */
  readonly line: (text: string) => Promise<void>;
  /** Ctrl-C: leaves following, or stops the running command; it never ends the console. */
  readonly interrupt: () => void;
  /** Ctrl-D on an empty line: leaves one level. */
  readonly end: () => Promise<void>;
  readonly complete: (line: string, cursor: number) => Promise<Completion>;
  /** Earlier lines, oldest first, of earlier runs too. */
  readonly history: () => readonly string[];
  /** Orderly end: cancels nothing that may go on, closes store and links. */
  readonly close: () => Promise<void>;
}
