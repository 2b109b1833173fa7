import { describe, expect, test, vi } from 'vitest';
import { createInput, type Input } from '../../../../src/console/input/create-input.ts';
import { createProgramSlot } from '../../../../src/console/input/program-slot.ts';
import { createStdinBroker } from '../../../../src/console/input/stdin-broker.ts';
import type { ConsoleProgram, Screen } from '../../../../src/console/ports.ts';
import { createFakeProgram } from '../../../helpers/fake-program.ts';
import { FakeInput } from '../../../helpers/fake-terminal.ts';

interface Harness {
  readonly typing: FakeInput;
  readonly input: Input;
  readonly out: readonly string[];
  readonly program: ReturnType<typeof createFakeProgram>;
  readonly createNow: () => void;
}

function start(): Harness {
  const typing = new FakeInput();
  const out: string[] = [];
  const screen: Screen = {
    print: (lines) => void out.push(...lines.map(({ text }) => text)),
    answerer: { answer: async () => ({ kind: 'cancel' }), note: () => undefined },
    width: () => 100,
  };
  const program = createFakeProgram(screen);
  const created = Promise.withResolvers<ConsoleProgram>();
  const slot = createProgramSlot(created.promise);
  const broker = createStdinBroker({ input: typing, onInterrupt: () => input.interrupt(), onEnd: () => undefined });
  const input = createInput({
    slot,
    broker,
    print: screen.print,
    echo: (prompt, text) => void out.push(`${prompt} ${text}`),
    clearScreen: () => void out.push('CLEAR'),
    leave: () => void out.push('LEFT'),
    fail: (error) => void out.push(`FAIL ${String(error)}`),
  });
  broker.start();
  broker.own(input.handle);
  return { typing, input, out, program, createNow: () => created.resolve(program) };
}

describe('the input of the console', () => {
  test('keeps what is typed before the program is there, and runs it in order', async () => {
    const { typing, out, createNow } = start();
    typing.type('echo one\recho two\r');
    createNow();
    await vi.waitFor(() => expect(out).toEqual(['gumshoe> echo one', 'one', 'gumshoe> echo two', 'two']));
  });

  test('shows every line behind the prompt that stood when it ran', async () => {
    const { typing, out, createNow } = start();
    createNow();
    typing.type('prompt\recho x\r');
    await vi.waitFor(() => expect(out).toEqual(['gumshoe> prompt', 'launcher> echo x', 'x']));
  });

  test('an empty line is shown and runs nothing', async () => {
    const { typing, out, program, createNow } = start();
    createNow();
    typing.type('\r  \r');
    await vi.waitFor(() => expect(out).toEqual(['gumshoe> ', 'gumshoe>   ']));
    expect(program.lines).toEqual([]);
  });

  test('keeps what is typed while a command runs; Ctrl-C ends the command and nothing of it runs by itself', async () => {
    const { typing, input, out, program, createNow } = start();
    createNow();
    typing.type('wait\r');
    await vi.waitFor(() => expect(program.snapshot().busy).toBe('waiting'));
    typing.type('exit\r');
    expect(input.snapshot().isRunning).toBe(true);
    typing.type('\x03');
    await vi.waitFor(() => expect(out).toEqual(['gumshoe> wait', 'left']));
    await vi.waitFor(() => expect(input.snapshot().line.text).toBe('exit'));
    expect(program.lines).toEqual(['wait']);
  });

  test('Ctrl-C in the middle of pasted lines gives back those that were not run', async () => {
    const { typing, input, out, program, createNow } = start();
    createNow();
    typing.type('\x1b[200~wait\necho two\necho three\x1b[201~\ry');
    await vi.waitFor(() => expect(program.snapshot().busy).toBe('waiting'));
    typing.type('\x03');
    await vi.waitFor(() => expect(input.snapshot().line.text).toBe('echo two\necho three'));
    expect(out).toEqual(['gumshoe> wait', 'left', '2 of 3 lines were not run']);
  });

  test('completes with what the program offers, before the next key', async () => {
    const { typing, input, createNow } = start();
    createNow();
    typing.type('cr\techo');
    await vi.waitFor(() => expect(input.snapshot().line.text).toBe('create action echo'));
  });

  test('a command that throws is reported and the console goes on', async () => {
    const { typing, out, createNow } = start();
    createNow();
    typing.type('fail\recho on\r');
    await vi.waitFor(() => expect(out).toEqual(['gumshoe> fail', 'FAIL Error: planted', 'gumshoe> echo on', 'on']));
  });

  test('Ctrl-D leaves one level, then the console', async () => {
    const { typing, program, createNow } = start();
    createNow();
    typing.type('prompt\r\x04');
    await vi.waitFor(() => expect(program.snapshot()).toMatchObject({ mode: 'base', ended: undefined }));
    typing.type('\x04');
    await vi.waitFor(() => expect(program.snapshot().ended).toBe(0));
  });

  test('Ctrl-D leaves a console whose program does not come', async () => {
    const { typing, out } = start();
    typing.type('\x04');
    await vi.waitFor(() => expect(out).toEqual(['LEFT']));
  });

  test('runs nothing after the end', async () => {
    const { typing, program, createNow } = start();
    createNow();
    typing.type('exit 3\recho late\r');
    await vi.waitFor(() => expect(program.snapshot().ended).toBe(3));
    await new Promise((resolve) => void setImmediate(resolve));
    expect(program.lines).toEqual(['exit 3']);
  });
});
