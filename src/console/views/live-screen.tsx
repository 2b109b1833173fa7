/** The only place that starts Ink, with the editor of the prompt. Loaded after the banner, since it takes most of the time to the first frame. */
import { PassThrough } from 'node:stream';
import { render, useApp, useStdout } from 'ink';
import { useEffect, type ReactElement } from 'react';
import { reportOf } from '../../base/app-error.ts';
import { line, type Line } from '../../module/line.ts';
import { createInput } from '../input/create-input.ts';
import type { ProgramSlot } from '../input/program-slot.ts';
import type { StdinBroker } from '../input/stdin-broker.ts';
import { App } from './app.tsx';
import { paintTyped } from './lay-out-line.ts';
import type { Drawing } from './lay-out-screen.ts';
import type { LineWriter } from './line-writer.ts';
import { createPaint } from './paint.ts';
import { eraseWrapped, wrapsOnResize } from './reflow.ts';

const clearWindow = '\x1b[H\x1b[2J';

export interface LiveScreenOptions {
  readonly slot: ProgramSlot;
  readonly broker: Pick<StdinBroker, 'own' | 'hold'>;
  readonly writer: LineWriter;
  readonly colour: boolean;
  readonly stdout: NodeJS.WriteStream;
  /** Called when the investigator leaves before there is a program. */
  readonly leave: () => void;
}

/** The live part at the bottom of the terminal. */
export interface LiveScreen {
  readonly isDrawn: Promise<void>;
  /** Writes painted text above the live part. */
  readonly write: (text: string) => void;
  /** Erases the live part and draws nothing until the returned function is called. */
  readonly suspend: () => Promise<() => Promise<void>>;
  /** Ctrl-C while a command runs. */
  readonly interrupt: () => void;
  /** Erases the live part for good. */
  readonly close: () => Promise<void>;
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

export function openLiveScreen({ slot, broker, writer, colour, stdout, leave }: LiveScreenOptions): LiveScreen {
  const paint = createPaint({ colour });
  const input = createInput({
    slot,
    broker,
    print: writer.print,
    echo: (prompt, text) => writer.write(`${paint.text('heading', prompt)} ${paintTyped(text, paint)}\n`),
    leave,
    clearScreen: () => writer.write(clearWindow),
    fail: (error) => writer.print(describeDefect(error)),
  });
  const gripped = Promise.withResolvers<void>();
  let grip: Grip | undefined;
  let isGripped = false;
  const takeGrip = (given: Grip): void => {
    grip = given;
    // Whoever typed before this had to wait for it.
    if (!isGripped) broker.own(input.handle);
    isGripped = true;
    gripped.resolve();
  };
  const reflow = createReflow(stdout);
  // Over the prompt that was written before Ink was loaded.
  stdout.write('\r\x1b[J');
  const instance = render(
    <Gripped onGrip={takeGrip}>
      <App {...{ slot, input, paint }} onLayOut={reflow.onLayOut} />
    </Gripped>,
    {
      stdout,
      stdin: new SilentInput(),
      exitOnCtrlC: false,
      onRender: reflow.onRender,
      // A key shows within a frame of 60 a second.
      maxFps: 60,
      // Ink draws nothing where it believes to be in CI; whether this is a terminal has been decided already.
      interactive: true,
    },
  );
  return {
    isDrawn: gripped.promise,
    write: (text) => grip?.write(text),
    suspend: async () => {
      reflow.forget();
      // What Ink has not drawn yet would be lost.
      await instance.waitUntilRenderFlush();
      const suspension = await grip?.suspend();
      return async () => suspension?.resume();
    },
    interrupt: input.interrupt,
    close: async () => {
      // A frame that waits to be drawn would be drawn over what is erased.
      instance.rerender(null);
      await instance.waitUntilRenderFlush();
      instance.clear();
      instance.unmount();
      reflow.stop();
    },
  };
}

/** Erases what a narrower window has wrapped, before Ink, which knows only the rows it wrote, draws anew. */
function createReflow(stdout: NodeJS.WriteStream): {
  readonly onLayOut: (drawing: Drawing) => void;
  readonly onRender: () => void;
  readonly forget: () => void;
  readonly stop: () => void;
} {
  let laidOut: Drawing | undefined;
  let drawn: Drawing | undefined;
  let before = stdout.columns;
  const erase = (): void => {
    const isNarrower = stdout.columns < before;
    before = stdout.columns;
    if (isNarrower && drawn && drawn.rows.length > 0) stdout.write(eraseWrapped(drawn, stdout.columns));
  };
  if (wrapsOnResize(process.env)) stdout.prependListener('resize', erase);
  return {
    onLayOut: (drawing) => {
      laidOut = drawing;
    },
    onRender: () => {
      drawn = laidOut;
    },
    forget: () => {
      drawn = undefined;
    },
    stop: () => void stdout.off('resize', erase),
  };
}

function describeDefect(error: unknown): readonly Line[] {
  const { message, hint } = reportOf(error);
  return [line(`this command failed: ${message}`, 'error'), line(hint, 'quiet')];
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
