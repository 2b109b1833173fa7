/**
 * A question as an enquirer prompt. Enquirer gives it its life: run, validate, submit, cancel. State and looks come from a widget, since enquirer's ready
 * prompts cut graphemes in two, read a filter as a regular expression and count columns in UTF-16 units. Keys come from the stdin broker and never pass
 * readline, which enquirer 2.4.1 closes twice on Ctrl-C (fatal since Node 24.2) and never settles on Ctrl-D.
 */
import enquirer from 'enquirer';
import type { Token } from '../input/take-token.ts';
import type { TerminalOutput } from '../views/terminal-output.ts';
import type { FramePainter } from './frame-painter.ts';
import type { Frame, Meant, Widget } from './widget.ts';

/** The part of enquirer's Prompt that its own types leave out. */
interface PromptBase {
  value: unknown;
  readonly run: () => Promise<unknown>;
  readonly once: (event: 'run', listener: () => void) => unknown;
  submit(): Promise<void>;
  cancel(): Promise<void>;
}
const Base = enquirer.Prompt as unknown as new (options: object) => PromptBase;

/** How a question ended. */
export type Outcome = Exclude<Meant, { readonly problem: string }> | 'back' | 'cancel';

export interface WidgetPromptOptions {
  readonly widget: Widget<unknown>;
  readonly output: TerminalOutput;
  readonly painter: FramePainter;
  readonly compose: (widgetState: unknown, problem: string | undefined) => Frame;
  /** What stays on the screen of the question. */
  readonly close: (outcome: Outcome) => readonly string[];
}

export class WidgetPrompt extends Base {
  readonly #options: WidgetPromptOptions;
  #state: unknown;
  #problem: string | undefined;
  #outcome: Outcome = 'cancel';
  #isClosed = false;

  constructor(options: WidgetPromptOptions) {
    super({ name: 'answer', message: 'answer', stdout: options.output });
    this.#options = options;
    this.#state = options.widget.start;
  }

  /** Draws the question; resolves when it can take keys. `ended` then resolves with how it ended. */
  async open(): Promise<{ readonly ended: Promise<Outcome> }> {
    const isRunning = new Promise<void>((resolve) => this.once('run', resolve));
    const ended = this.run().then(
      () => this.#outcome,
      // Enquirer rejects, with nothing, what was left.
      () => this.#outcome,
    );
    await isRunning;
    return { ended };
  }

  /** Takes one token and resolves when all that it caused is done. */
  async take(token: Token): Promise<void> {
    const { widget } = this.#options;
    const sequence = token.kind === 'key' ? token.sequence : '';
    if (sequence === '\x1b') return this.#leave('back');
    if (sequence === '\x03' || (sequence === '\x04' && widget.isEmpty(this.#state))) return this.#leave('cancel');
    const next = widget.next(this.#state, token);
    if (next === 'submit') return this.submit();
    if (next !== this.#state) this.#problem = undefined;
    this.#state = next;
    this.render();
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  async #leave(outcome: 'back' | 'cancel'): Promise<void> {
    this.#outcome = outcome;
    await this.cancel();
  }

  /** Called by enquirer before it accepts an answer. */
  validate(): true | string {
    const meant = this.#options.widget.meant(this.#state);
    if ('problem' in meant) {
      this.#problem = meant.problem;
      return meant.problem;
    }
    this.#outcome = meant;
    // Enquirer takes empty values for missing ones, so it gets the value in its wrapping.
    this.value = meant;
    return true;
  }

  render(): void {
    if (!this.#isClosed) this.#options.painter.draw(this.#options.compose(this.#state, this.#problem));
  }

  close(): void {
    this.#isClosed = true;
    this.#options.painter.finish(this.#options.close(this.#outcome));
  }

  /** Enquirer would attach readline to a stream here; keys come from the broker instead. */
  start(): void {}

  /** Enquirer would ring the bell here; the mistake is drawn instead. */
  alert(): void {}
}
