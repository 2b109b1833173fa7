import type { LineWriter } from './line-writer.ts';
import type { LiveScreen, LiveScreenOptions } from './live-screen.tsx';
import type { TerminalOutput } from './terminal-output.ts';

/** Who has the screen: the live part, or the questions of a module. */
export interface ScreenShare {
  /** Loads and draws the live part. */
  readonly start: (options: LiveScreenOptions) => Promise<void>;
  /** Ctrl-C while a command runs. */
  readonly interrupt: () => void;
  /** Takes the screen for a question; resolves with the way to give it back. */
  readonly take: () => Promise<() => void>;
  /** Removes the live part for good; what is printed later goes straight to the terminal. */
  readonly stop: () => Promise<void>;
}

export interface ScreenShareOptions {
  readonly writer: LineWriter;
  readonly output: TerminalOutput;
  readonly open: () => Promise<{ readonly openLiveScreen: (options: LiveScreenOptions) => LiveScreen }>;
}

/**
 * Ink is asked to let go of the screen while a question is drawn, and what is printed meanwhile waits. The screen goes back to it one turn of the event loop
 * after an answer, so that the prompt does not flash between one question and the next.
 */
export function createScreenShare({ writer, output, open }: ScreenShareOptions): ScreenShare {
  const opened = Promise.withResolvers<LiveScreen>();
  let resume: (() => Promise<void>) | undefined;
  let returning: Promise<void> = Promise.resolve();
  let askers = 0;
  let live: LiveScreen | undefined;
  let isStopped = false;
  opened.promise.catch(() => undefined);

  const writeDirectly = (text: string): void => void output.write(text);
  const giveBack = (): void => {
    if (askers > 0 || !resume || isStopped) return;
    const back = resume;
    resume = undefined;
    writer.direct(undefined);
    returning = back().then(() => writer.direct(isStopped ? writeDirectly : live?.write));
  };

  return {
    start: async (options) => {
      const { openLiveScreen } = await open();
      if (isStopped) return;
      live = openLiveScreen(options);
      await live.isDrawn;
      writer.direct(live.write);
      opened.resolve(live);
    },
    interrupt: () => live?.interrupt(),
    take: async () => {
      askers++;
      const screen = await opened.promise;
      await returning;
      // What was said before the question stands above it.
      writer.flush();
      if (!resume) resume = await screen.suspend();
      writer.direct(undefined);
      return () => {
        askers--;
        if (!isStopped) writer.direct(writeDirectly);
        setImmediate(giveBack);
      };
    },
    stop: async () => {
      isStopped = true;
      writer.flush();
      // Not drawn yet: the prompt that was written instead of it goes as well.
      if (live) await live.close();
      else writeDirectly('\r\x1b[J');
      writer.direct(writeDirectly);
    },
  };
}
