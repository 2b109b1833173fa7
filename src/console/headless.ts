/**
 * Plain mode: each line of standard input is a command, output is bare text, errors go to standard error with the number of the line.
 * Ends with 0, whatever commands failed, as an investigator's console does; with --fail-fast at the first error, with 2.
 */
import { line, type Line } from '../module/line.ts';
import { createPlainAnswerer } from './plain-answerer.ts';
import { createPlainOutput, type PlainStreams } from './plain-output.ts';
import type { Screen } from './ports.ts';
import { readLines, type NumberedLine } from './read-lines.ts';
import type { RunningProgram } from './program.ts';

export interface HeadlessOptions extends PlainStreams {
  readonly stdin: AsyncIterable<Uint8Array>;
  readonly failFast: boolean;
  readonly createProgram: (screen: Screen) => RunningProgram;
  /** Registers what an interrupt does; returns its removal. */
  readonly onInterrupt: (listener: () => void) => () => void;
}

export async function runHeadless(options: HeadlessOptions): Promise<number> {
  const input = readLines(options.stdin)[Symbol.asyncIterator]();
  let program: RunningProgram | undefined;
  let current = 0;
  let failures = 0;
  let hasLost = false;
  const output = createPlainOutput(options, {
    colour: false,
    errorColour: false,
    onGone: () => program?.interrupt(),
    onLost: () => {
      hasLost = true;
    },
  });
  const printError = (lines: readonly Line[]): void => {
    failures++;
    output.printError(
      lines.map((one, at) => line(at === 0 ? `line ${current}: ${one.text}` : `  ${one.text}`, one.tone)),
    );
  };
  /** The next line that can be used, or the end. */
  const next = async (): Promise<NumberedLine | undefined> => {
    const { value, done } = await input.next();
    if (done || output.isGone()) return undefined;
    current = value.number;
    return value;
  };
  const nextAnswer = async (): Promise<string | undefined> => {
    for (;;) {
      const answer = await next();
      if (!answer?.problem) return answer?.text;
      printError([line(answer.problem.message, 'error'), line(answer.problem.hint, 'quiet')]);
    }
  };
  const screen: Screen = {
    print: output.print,
    printSafe: output.printSafe,
    printError,
    width: () => undefined,
    answerer: createPlainAnswerer({
      nextLine: nextAnswer,
      print: output.print,
      printProblem: (problem) => printError([line(problem, 'error')]),
    }),
  };

  program = options.createProgram(screen);
  const stop = options.onInterrupt(() => program.interrupt());
  try {
    await program.ready;
    while (program.snapshot().ended === undefined) {
      const command = await next();
      if (!command) break;
      if (command.problem) printError([line(command.problem.message, 'error'), line(command.problem.hint, 'quiet')]);
      else if (!command.text.startsWith('#')) await program.line(command.text);
      if (options.failFast && failures > 0) return 2;
    }
    await output.flush();
    return hasLost ? 3 : (program.snapshot().ended ?? 0);
  } finally {
    stop();
    await program.close();
    await output.flush();
  }
}
