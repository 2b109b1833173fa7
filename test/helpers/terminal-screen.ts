import stringWidth from 'string-width';

/**
 * A terminal as far as this project writes to one: text, line ends, cursor motion, erasing, styles. Everything else is collected in `foreign`, so that a
 * test can say that nothing else was written.
 */
export class TerminalScreen {
  #columns: number;
  #rows: number;
  #lines: string[][] = [[]];
  #x = 0;
  #y = 0;
  /** The first row of the window. */
  #top = 0;
  #partial = '';
  /** Control characters and sequences that nothing of ours writes. */
  readonly foreign: string[] = [];

  constructor({ columns, rows }: { readonly columns: number; readonly rows: number }) {
    this.#columns = columns;
    this.#rows = rows;
  }

  /** The window has another size from now on. What stands is not wrapped anew. */
  resize(columns: number, rows: number): void {
    this.#columns = columns;
    this.#rows = rows;
  }

  /** All rows ever shown, the scrolled away ones first, without blanks at their ends. */
  get text(): string {
    return this.#lines
      .map((cells) => cells.join('').trimEnd())
      .join('\n')
      .trimEnd();
  }

  get cursor(): { readonly x: number; readonly y: number } {
    return { x: this.#x, y: this.#y };
  }

  /** The row of the cursor. */
  get row(): string {
    return (this.#lines[this.#y] ?? []).join('').trimEnd();
  }

  write(text: string): void {
    let rest = this.#partial + text;
    this.#partial = '';
    while (rest !== '') {
      if (/^\x1b(\[[0-?]*[ -/]*)?$/.test(rest)) {
        this.#partial = rest;
        return;
      }
      const sequence = /^\x1b\[([0-?]*)[ -/]*([@-~])/.exec(rest);
      if (sequence) {
        this.#control(sequence[0], sequence[1] ?? '', sequence[2] ?? '');
        rest = rest.slice(sequence[0].length);
        continue;
      }
      const run = /^[^\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]+/.exec(rest)?.[0];
      if (run === undefined) {
        this.#character(rest.charAt(0));
        rest = rest.slice(1);
        continue;
      }
      for (const { segment } of new Intl.Segmenter('en').segment(run)) this.#put(segment);
      rest = rest.slice(run.length);
    }
  }

  #put(grapheme: string): void {
    const width = stringWidth(grapheme);
    if (this.#x + width > this.#columns) this.#newLine();
    const cells = this.#line();
    while (cells.length < this.#x) cells.push(' ');
    cells[this.#x] = grapheme;
    for (let at = 1; at < width; at++) cells[this.#x + at] = '';
    this.#x += width;
  }

  #character(character: string): void {
    if (character === '\n') this.#newLine();
    else if (character === '\r') this.#x = 0;
    else this.foreign.push(character);
  }

  #newLine(): void {
    this.#x = 0;
    this.#y++;
    this.#line();
    this.#top = Math.max(this.#top, this.#y - this.#rows + 1);
  }

  #line(): string[] {
    while (this.#lines.length <= this.#y) this.#lines.push([]);
    return this.#lines[this.#y] ?? [];
  }

  #control(whole: string, parameters: string, final: string): void {
    const count = Math.max(1, Number(parameters.split(';')[0] || 1));
    if (final === 'A') this.#y = Math.max(this.#top, this.#y - count);
    else if (final === 'B') this.#y += count;
    else if (final === 'C') this.#x = Math.min(this.#columns - 1, this.#x + count);
    else if (final === 'D') this.#x = Math.max(0, this.#x - count);
    else if (final === 'E') [this.#x, this.#y] = [0, this.#y + count];
    else if (final === 'G') this.#x = count - 1;
    else if (whole === '\x1b[H') [this.#x, this.#y] = [0, this.#top];
    else if (final === 'K') this.#erase(parameters);
    else if (whole === '\x1b[J' || whole === '\x1b[0J') this.#eraseBelow();
    else if (whole === '\x1b[2J') this.#lines.length = this.#top;
    else if (!/^\x1b\[[0-9;]*m$|^\x1b\[\?(25|2004|2026)[hl]$/.test(whole) || whole === '\x1b[8m')
      this.foreign.push(whole);
    this.#line();
  }

  #erase(parameters: string): void {
    const cells = this.#line();
    if (parameters === '2') cells.length = 0;
    else if (parameters === '1') cells.fill(' ', 0, this.#x + 1);
    else cells.length = Math.min(cells.length, this.#x);
  }

  #eraseBelow(): void {
    const cells = this.#line();
    cells.length = Math.min(cells.length, this.#x);
    this.#lines.length = this.#y + 1;
  }
}
