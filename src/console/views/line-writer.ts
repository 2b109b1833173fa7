import type { Line } from '../../module/line.ts';

/** Puts printed lines above the live part, in order, whoever has the terminal at the moment. */
export interface LineWriter {
  readonly print: (lines: readonly Line[]) => void;
  /** Adds text that is painted already. */
  readonly write: (painted: string) => void;
  /** Where the text goes from now on; undefined = it waits, because a question is drawn or nothing is yet. */
  readonly direct: (sink: ((text: string) => void) | undefined) => void;
  /** Hands over what waits now instead of with the next turn of the event loop. */
  readonly flush: () => void;
}

/** Lines of one turn of the event loop are written at once: a redraw of the live part for each would take longer than the lines. */
export function createLineWriter(render: (line: Line) => string): LineWriter {
  let waiting: string[] = [];
  let sink: ((text: string) => void) | undefined;
  let isScheduled = false;

  const flush = (): void => {
    if (!sink || waiting.length === 0) return;
    const text = waiting.join('');
    waiting = [];
    sink(text);
  };
  const write = (painted: string): void => {
    waiting.push(painted);
    if (isScheduled) return;
    isScheduled = true;
    setImmediate(() => {
      isScheduled = false;
      flush();
    });
  };
  return {
    print: (lines) => {
      if (lines.length > 0) write(lines.map((line) => `${render(line)}\n`).join(''));
    },
    write,
    direct: (next) => {
      sink = next;
      flush();
    },
    flush,
  };
}
