import type { Line, Tone } from '../../module/line.ts';
import { createStyler } from '../render-line.ts';
import { cutRaw } from './fit-text.ts';

/** Styles of this terminal. All text given is raw: it becomes visible here, once. */
export interface Paint {
  /** The text in the style of its tone, cut with … to so many cells where a number is given. */
  readonly text: (tone: Tone, text: string, columns?: number) => string;
  readonly line: (line: Line) => string;
}

export function createPaint(options: { readonly colour: boolean }): Paint {
  const line = createStyler(options);
  return {
    line,
    text: (tone, text, columns) => line({ tone, text: columns === undefined ? text : cutRaw(text, columns) }),
  };
}
