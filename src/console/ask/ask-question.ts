import type { Question } from '../../module/ask.ts';
import { closeQuestion, composeQuestion } from './compose-question.ts';
import { createWidget } from './create-widget.ts';
import { createPaint } from '../views/paint.ts';
import { wrapsOnResize } from '../views/reflow.ts';
import type { ResizableOutput } from '../views/terminal-output.ts';
import { createFramePainter } from './frame-painter.ts';
import { WidgetPrompt, type Outcome } from './widget-prompt.ts';

export interface AskQuestionOptions {
  readonly output: ResizableOutput;
  readonly colour: boolean;
  /** An answer that was typed with the question before; it is given at once, and stays to be corrected where it does not pass. */
  readonly typed: string | undefined;
  /** Called with the prompt when it can take keys. */
  readonly onOpen: (prompt: Pick<WidgetPrompt, 'take' | 'isClosed'>) => void;
}

/** Asks one question on a screen that belongs to nobody else until it is answered. */
export async function askQuestion(question: Question, options: AskQuestionOptions): Promise<Outcome> {
  const { output, colour, typed, onOpen } = options;
  const paint = createPaint({ colour });
  const widget = createWidget(question);
  const parts = { question, widget, paint, output };
  const prompt = new WidgetPrompt({
    widget,
    output,
    painter: createFramePainter(output, { wraps: wrapsOnResize(process.env) }),
    compose: (state, problem) => composeQuestion(parts, state, problem),
    close: (outcome) => closeQuestion(parts, outcome),
  });
  const redraw = (): void => prompt.render();
  output.on('resize', redraw);
  try {
    const { ended } = await prompt.open();
    if (typed !== undefined) await answerAtOnce(prompt, typed);
    onOpen(prompt);
    return await ended;
  } finally {
    output.off('resize', redraw);
  }
}

async function answerAtOnce(prompt: WidgetPrompt, typed: string): Promise<void> {
  await prompt.take({ kind: 'text', text: typed });
  await prompt.take({ kind: 'key', sequence: '\r' });
}
