/** From a line of output to what a terminal or a pipe gets: the one place where hostile text becomes visible text. */
import { Chalk, type ChalkInstance } from 'chalk';
import { visible, visibleParts } from '../base/visible.ts';
import type { Line, Tone } from '../module/line.ts';

/** The line for a pipe or a file: no colour codes, everything hidden made visible. Without its end. */
export function renderPlain(line: Line): string {
  return visible(line.text);
}

/** Renders lines with the colours of their tones; what stands for a hidden character is drawn inverse, so that it differs from the same text typed. */
export function createStyler(options: { readonly colour: boolean }): (line: Line) => string {
  if (!options.colour) return renderPlain;
  const chalk = new Chalk({ level: 1 });
  const styles: Readonly<Record<Tone, ChalkInstance>> = {
    plain: chalk.reset,
    hit: chalk.reset,
    quiet: chalk.dim,
    heading: chalk.bold,
    good: chalk.green,
    warning: chalk.yellow,
    error: chalk.red,
  };
  return (line) => {
    const style = styles[line.tone];
    const plain = line.tone === 'plain' || line.tone === 'hit';
    return visibleParts(line.text)
      .map(({ text, escaped }) => (escaped ? chalk.inverse(text) : plain ? text : style(text)))
      .join('');
  };
}

/** Colours only where a person watches, NO_COLOR (no-color.org) is not set and the terminal can show them. */
export function wantsColour(
  stream: { readonly isTTY?: boolean },
  environment: Readonly<Record<string, string | undefined>>,
): boolean {
  return stream.isTTY === true && !environment['NO_COLOR'] && environment['TERM'] !== 'dumb';
}
