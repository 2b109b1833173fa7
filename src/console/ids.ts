import { ConsoleError } from '../base/app-error.ts';

/** The id of an action as it is typed. Throws ConsoleError COMMAND_USAGE. */
export function parseActionId(typed: string): number {
  if (/^[1-9]\d{0,14}$/.test(typed)) return Number(typed);
  throw new ConsoleError('COMMAND_USAGE', `expected the number of an action, got ${JSON.stringify(typed)}`);
}

/** "12.3", or "3" where the action is known. Throws ConsoleError COMMAND_USAGE. */
export function parseCommandId(typed: string, action?: number): { readonly action: number; readonly n: number } {
  const both = /^([1-9]\d{0,14})\.([1-9]\d{0,8})$/.exec(typed);
  if (both) return { action: Number(both[1]), n: Number(both[2]) };
  if (action !== undefined && /^[1-9]\d{0,8}$/.test(typed)) return { action, n: Number(typed) };
  throw new ConsoleError(
    'COMMAND_USAGE',
    `expected the number of a command like 12.3 (agent 3 of action 12), got ${JSON.stringify(typed)}`,
  );
}
