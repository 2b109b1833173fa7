/** Text that arrived by typing or pasting, fit for a line. */
export interface TypedText {
  readonly text: string;
  /** What was left out or refused, for the investigator; undefined when nothing was. */
  readonly notice: string | undefined;
}

/** Longest line that can be typed or pasted; more belongs into a file. */
export const maxLineLength = 65_536;

const control = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/gu;

/**
 * Line ends become \n, tabs become spaces, the line end that closes the text goes; other control characters are left out and counted, since a paste
 * may come from a page or a file that an attacker wrote. `room` is how many characters still fit.
 */
export function cleanTyped(typed: string, room: number = maxLineLength): TypedText {
  const unified = typed.replaceAll(/\r\n?/g, '\n').replaceAll('\t', ' ').replace(/\n+$/, '');
  if (unified.length > room) {
    return {
      text: '',
      notice: `not taken: ${unified.length} characters, a line holds ${maxLineLength}; put them into a file`,
    };
  }
  const hidden = unified.match(control)?.length ?? 0;
  if (hidden === 0) return { text: unified, notice: undefined };
  return {
    text: unified.replaceAll(control, ''),
    notice: `${hidden} control character${hidden === 1 ? '' : 's'} left out of what was pasted`,
  };
}
