import { EventEmitter } from 'node:events';
import type { TerminalInput } from '../../src/console/input/stdin-broker.ts';
import type { ResizableOutput } from '../../src/console/views/terminal-output.ts';
import { TerminalScreen } from './terminal-screen.ts';

/** The input of a terminal, typed into by a test. */
export class FakeInput extends EventEmitter implements TerminalInput {
  isRaw = false;
  setRawMode(on: boolean): void {
    this.isRaw = on;
  }
  resume(): void {}
  pause(): void {}
  type(text: string): void {
    this.emit('data', Buffer.from(text));
  }
}

/** The output of a terminal: everything written, and the screen it makes. */
export class FakeOutput extends EventEmitter implements ResizableOutput {
  readonly screen: TerminalScreen;
  written = '';
  columns: number;
  rows: number;

  constructor(size: { readonly columns: number; readonly rows: number } = { columns: 100, rows: 30 }) {
    super();
    this.columns = size.columns;
    this.rows = size.rows;
    this.screen = new TerminalScreen(size);
  }

  write(text: string): boolean {
    this.written += text;
    this.screen.write(text);
    return true;
  }
}
