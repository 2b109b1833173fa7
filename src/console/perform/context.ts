import type { Clock } from '../../base/clock.ts';
import { ConsoleError } from '../../base/app-error.ts';
import type { Module } from '../../module/define-module.ts';
import type { Line } from '../../module/line.ts';
import { findAction, type StoredAction } from '../../store/actions.ts';
import type { Store } from '../../store/open-store.ts';
import type { Fleet } from '../fleet.ts';
import type { Hosts } from '../hosts.ts';
import type { Screen } from '../ports.ts';
import type { State } from '../state.ts';

/** What effects are carried out with. */
export interface PerformContext {
  readonly store: Store;
  readonly fleet: Fleet;
  /** The list of other hosts; undefined for a console that has none. */
  readonly hosts: Hosts | undefined;
  /** Links are opened before anything is asked of them, and stay open. */
  readonly isSession: boolean;
  readonly screen: Screen;
  readonly clock: Clock;
  readonly state: () => State;
  readonly findModule: (name: string) => Module | undefined;
  /** Who launches: the account's name. */
  readonly investigator: string;
  /** Aborted when the running command is interrupted. */
  readonly signal: () => AbortSignal;
  /** Resolves when agents whose links have just opened have had the time to tell the alerts that they kept. */
  readonly untilAlertsCame: () => Promise<void>;
  /** Resolves when this action is no longer followed. */
  readonly untilUnfollowed: (action: number) => Promise<void>;
}

/** Prints, in the colours of the settings. */
export function print(context: PerformContext, lines: readonly Line[]): void {
  if (lines.length === 0) return;
  const isPlain = !context.state().settings.colour;
  context.screen.print(isPlain ? lines.map(({ text }) => ({ tone: 'plain', text })) : lines);
}

/** Prints text that holds nothing hidden. */
export function printSafe(context: PerformContext, texts: readonly string[]): void {
  if (texts.length === 0) return;
  if (context.screen.printSafe) context.screen.printSafe(texts);
  else context.screen.print(texts.map((text) => ({ tone: 'plain', text })));
}

/** Columns for tables: the setting, or those of the screen. */
export function tableWidth(context: PerformContext): number | undefined {
  return context.state().settings.width ?? context.screen.width();
}

/** Throws ConsoleError ID_UNKNOWN. */
export function requireAction(context: PerformContext, id: number): StoredAction {
  const stored = findAction(context.store, id);
  if (stored) return stored;
  throw new ConsoleError('ID_UNKNOWN', `case ${context.state().caseName} has no action ${id}`);
}
