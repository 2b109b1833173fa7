/** The only place that starts Ink. Loaded after the banner, since Ink and React take most of the time to the first frame. */
import { PassThrough } from 'node:stream';
import { render, useApp, useStdout } from 'ink';
import { useEffect, type ReactElement } from 'react';
import type { Input } from '../input/create-input.ts';
import type { ProgramSlot } from '../input/program-slot.ts';
import { App } from './app.tsx';
import type { Paint } from './paint.ts';

export interface LiveScreenOptions {
  readonly slot: ProgramSlot;
  readonly input: Input;
  readonly paint: Paint;
  readonly stdout: NodeJS.WriteStream;
}

/** The live part at the bottom of the terminal. */
export interface LiveScreen {
  readonly isDrawn: Promise<void>;
  /** Writes painted text above the live part. */
  readonly write: (text: string) => void;
  /** Erases the live part and draws nothing until the returned function is called. */
  readonly suspend: () => Promise<() => Promise<void>>;
  /** Erases the live part for good. */
  readonly close: () => void;
}

interface Grip {
  readonly write: (text: string) => void;
  readonly suspend: () => Promise<{ readonly resume: () => Promise<void> }>;
}

/** Keys never pass Ink: it gets an input that stays silent. */
class SilentInput extends PassThrough {
  readonly isTTY = true;
  setRawMode(): this {
    return this;
  }
  ref(): this {
    return this;
  }
  unref(): this {
    return this;
  }
}

export function openLiveScreen({ slot, input, paint, stdout }: LiveScreenOptions): LiveScreen {
  const gripped = Promise.withResolvers<void>();
  let grip: Grip | undefined;
  const takeGrip = (given: Grip): void => {
    grip = given;
    gripped.resolve();
  };
  // Over the prompt that was written before Ink was loaded.
  stdout.write('\r\x1b[J');
  const instance = render(
    <Gripped onGrip={takeGrip}>
      <App {...{ slot, input, paint }} />
    </Gripped>,
    {
      stdout,
      stdin: new SilentInput(),
      exitOnCtrlC: false,
      // Ink draws nothing where it believes to be in CI; whether this is a terminal has been decided already.
      interactive: true,
    },
  );
  return {
    isDrawn: gripped.promise,
    write: (text) => grip?.write(text),
    suspend: async () => {
      // What Ink has not drawn yet would be lost.
      await instance.waitUntilRenderFlush();
      const suspension = await grip?.suspend();
      return async () => suspension?.resume();
    },
    close: () => {
      instance.clear();
      instance.unmount();
    },
  };
}

interface GrippedProps {
  readonly onGrip: (grip: Grip) => void;
  readonly children: ReactElement;
}

/** Hands out what Ink gives only to components. */
function Gripped({ onGrip, children }: GrippedProps): ReactElement {
  const { write } = useStdout();
  const { suspendTerminal } = useApp();
  useEffect(() => onGrip({ write, suspend: () => suspendTerminal() }), [onGrip, write, suspendTerminal]);
  return children;
}
