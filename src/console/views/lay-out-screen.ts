import type { InputState } from '../input/next-input.ts';
import type { Snapshot } from '../ports.ts';
import { layOutFollow } from './lay-out-follow.ts';
import { layOutPrompt } from './lay-out-prompt.ts';
import type { Paint } from './paint.ts';

/** The live part of the screen: painted rows, each narrower than the window, and the cursor where something is typed. */
export interface Drawing {
  readonly rows: readonly string[];
  readonly cursor: { readonly x: number; readonly y: number } | undefined;
}

export interface WindowLook {
  readonly paint: Paint;
  readonly columns: number;
  readonly rows: number;
}

const maxFollowRows = 10;

/** The followed action, or what runs, or the prompt; below it the status. Always lower than the window. */
export function layOutScreen(program: Snapshot, input: InputState, { paint, columns, rows }: WindowLook): Drawing {
  if (program.ended !== undefined) return { rows: [], cursor: undefined };
  const maxRows = Math.max(1, rows - 3);
  const { follow, busy, prompt, status } = program;
  const last = status.length === 0 ? [] : [paint.text('quiet', status.join(' · '), columns - 1)];
  if (follow) {
    const above = layOutFollow(follow, { paint, columns, maxRows: Math.min(maxFollowRows, maxRows) });
    return { rows: [...above, ...last], cursor: undefined };
  }
  if (busy !== undefined || input.isRunning) {
    // A command that ends at once shows nothing but an empty row, so that the status does not jump.
    const row = busy === undefined ? ' ' : paint.text('quiet', `${busy} …`, columns - 1);
    return { rows: [row, ...last], cursor: undefined };
  }
  const typed = layOutPrompt(prompt, input, { paint, columns, maxRows });
  return { rows: [...typed.rows, ...last], cursor: typed.cursor };
}
