import { render as renderInk } from 'ink';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { createInput, type Input } from '../../../../src/console/input/create-input.ts';
import { createProgramSlot, type ProgramSlot } from '../../../../src/console/input/program-slot.ts';
import type { ConsoleProgram, Screen } from '../../../../src/console/ports.ts';
import { App } from '../../../../src/console/views/app.tsx';
import { createPaint } from '../../../../src/console/views/paint.ts';
import { line } from '../../../../src/module/line.ts';
import { createFakeProgram, idleFollow, type FakeProgram } from '../../../helpers/fake-program.ts';
import { FakeOutput } from '../../../helpers/fake-terminal.ts';

interface Shown {
  readonly output: FakeOutput;
  readonly program: FakeProgram;
  readonly type: (text: string) => Promise<void>;
  readonly press: (sequence: string) => Promise<void>;
}

const open: { unmount: () => void }[] = [];
afterEach(() => {
  for (const instance of open.splice(0)) instance.unmount();
});

async function show(columns: number, isCreated = true): Promise<Shown> {
  const screen: Screen = {
    print: () => undefined,
    answerer: { answer: async () => ({ kind: 'cancel' }), note: () => undefined },
    width: () => columns,
  };
  const program = createFakeProgram(screen);
  const slot: ProgramSlot = createProgramSlot(
    isCreated ? Promise.resolve(program) : new Promise<ConsoleProgram>(() => undefined),
  );
  if (isCreated) await slot.ready;
  const input: Input = createInput({
    slot,
    broker: { hold: () => () => undefined },
    print: screen.print,
    echo: () => undefined,
    clearScreen: () => undefined,
    leave: () => undefined,
    fail: (error) => {
      throw error;
    },
  });
  const output = new FakeOutput({ columns, rows: 30 });
  open.push(
    renderInk(<App {...{ slot, input, paint: createPaint({ colour: false }) }} />, {
      stdout: Object.assign(output, { isTTY: true }) as unknown as NodeJS.WriteStream,
      interactive: true,
      patchConsole: false,
      exitOnCtrlC: false,
      maxFps: 1000,
    }),
  );
  return {
    output,
    program,
    type: (text) => input.handle({ kind: 'text', text }),
    press: (sequence) => input.handle({ kind: 'key', sequence }),
  };
}

const shows = (output: FakeOutput, expected: string): Promise<void> =>
  vi.waitFor(() => expect(output.screen.text).toBe(expected));

describe('the live part at 100 columns', () => {
  test('is a prompt before the program is there', async () => {
    const { output } = await show(100, false);
    await shows(output, 'gumshoe>\nstarting');
  });

  test('shows what is typed, with the cursor in its place', async () => {
    const { output, type, press } = await show(100);
    await type('add fil');
    await press('\x02');
    await shows(output, 'gumshoe> add fil\ncase default · 1 agent online');
    expect(output.screen.cursor).toEqual({ x: 15, y: 0 });
  });

  test('lists the candidates with the second Tab', async () => {
    const { output, type, press } = await show(100);
    await type('e');
    await press('\t');
    await press('\t');
    await shows(output, 'gumshoe> e\necho  exit\ncase default · 1 agent online');
  });

  test('shows the search through earlier lines', async () => {
    const { output, program, type, press } = await show(100);
    await program.line('echo passwd');
    await press('\x12');
    await type('pass');
    await shows(output, "(search) 'pass': echo passwd\ncase default · 1 agent online");
    await type('x');
    await shows(output, "(failed search) 'passx': echo passwd\ncase default · 1 agent online");
  });

  test('asks before pasted lines run', async () => {
    const { output, type, press } = await show(100);
    await type('a\nb');
    await press('\r');
    await shows(output, 'gumshoe> a\\nb\nRun these 2 lines one after another? (y/n)\ncase default · 1 agent online');
  });

  test('shows the followed action in place of the prompt', async () => {
    const { output, program } = await show(100);
    program.set({ busy: 'following', follow: idleFollow });
    await shows(
      output,
      [
        'action 12: find passwd',
        '████████████████████░░░░░░░░░░░░░░░░░░░░ 1/2 done',
        '1 found · 0 nothing',
        '12,345 examined · 2,469/s · 0:05 · 1:10 left · Ctrl-C leaves, the action runs on',
        '  local /etc/passwd',
        'case default · 1 agent online',
      ].join('\n'),
    );
  });

  test('says what runs while a command runs', async () => {
    const { output, program } = await show(100);
    program.set({ busy: 'exporting to out.csv' });
    await shows(output, 'exporting to out.csv …\ncase default · 1 agent online');
  });

  test('draws what an endpoint sent as escapes and writes none of it', async () => {
    const { output, program } = await show(100);
    const hostile = 'a\x1b]52;c;eA==\x07b\x1b[2J\r\x9b31m\u202e';
    program.set({ busy: 'x', follow: { ...idleFollow, title: hostile, newest: [line(hostile)] }, status: [hostile] });
    const escaped = 'a\\x1b]52;c;eA==\\x07b\\x1b[2J\\r\\x9b31m\\u{202e}';
    await vi.waitFor(() => expect(output.screen.text).toContain(`${escaped}\n█`));
    expect(output.screen.text).toContain(`  ${escaped}\n${escaped}`);
    expect(output.screen.foreign).toEqual([]);
  });

  test('disappears at the end', async () => {
    const { output, program } = await show(100);
    program.set({ ended: 0 });
    await shows(output, '');
  });
});

describe('the live part at 24 columns', () => {
  test('cuts its rows and wraps what is typed', async () => {
    const { output, program, type } = await show(24);
    await type('add file -path /etc -name ^passwd$');
    await shows(output, 'gumshoe> add file -path\n /etc -name ^passwd$\ncase default · 1 agent…');
    expect(output.screen.cursor).toEqual({ x: 20, y: 1 });
    program.set({ busy: 'following', follow: idleFollow });
    await shows(
      output,
      [
        'action 12: find passwd',
        '███████░░░░░░░ 1/2 done',
        '1 found · 0 nothing',
        '12,345 examined · 2,46…',
        '  local /etc/passwd',
        'case default · 1 agent…',
      ].join('\n'),
    );
  });

  test('is drawn again when the window changes', async () => {
    const { output, type } = await show(24);
    await type('add file -path /etc');
    await vi.waitFor(() => expect(output.screen.text).toContain('case default · 1 agent…'));
    output.columns = 60;
    output.emit('resize');
    await vi.waitFor(() => expect(output.written).toContain('gumshoe> add file -path /etc\n'));
  });
});
