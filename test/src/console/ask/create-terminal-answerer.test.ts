import { afterEach, describe, expect, test, vi } from 'vitest';
import { createTerminalAnswerer } from '../../../../src/console/ask/create-terminal-answerer.ts';
import { createStdinBroker } from '../../../../src/console/input/stdin-broker.ts';
import { runCreator, type Answer, type Ask, type Question } from '../../../../src/module/ask.ts';
import { line } from '../../../../src/module/line.ts';
import { FakeInput, FakeOutput } from '../../../helpers/fake-terminal.ts';

const up = '\x1b[A';
const down = '\x1b[B';
const escape = '\x1b';

const stops: (() => void)[] = [];
afterEach(() => {
  for (const stop of stops.splice(0)) stop();
});

function start(size = { columns: 100, rows: 30 }) {
  const input = new FakeInput();
  const output = new FakeOutput(size);
  const broker = createStdinBroker({ input, onInterrupt: () => undefined, onEnd: () => undefined, escapeMs: 5 });
  const atPrompt: string[] = [];
  broker.start();
  stops.push(broker.stop);
  broker.own((token) => void atPrompt.push(token.kind === 'key' ? token.sequence : token.text));
  const resume = broker.hold();
  let taken = 0;
  const answerer = createTerminalAnswerer({
    broker,
    output,
    colour: false,
    takeScreen: async () => {
      taken++;
      return () => taken--;
    },
    print: (lines) => void output.write(lines.map(({ text }) => `${text}\n`).join('')),
  });
  return { input, output, answerer, atPrompt, resume, isTaken: () => taken > 0 };
}

/** Types when the question shows, and gives the answer. */
async function answer(
  question: Question,
  ...keys: readonly string[]
): Promise<{ readonly answer: Answer; readonly output: FakeOutput }> {
  const { input, output, answerer } = start();
  const answered = answerer.answer(question);
  await vi.waitFor(() => expect(output.screen.text).toContain(question.message));
  for (const key of keys) {
    input.type(key);
    if (key === escape) await new Promise((resolve) => void setTimeout(resolve, 10));
  }
  return { answer: await answered, output };
}

const value = (given: unknown): Answer => ({ kind: 'value', value: given });
const choices = [{ name: 'done', hint: 'use it' }, { name: 'name', hint: 'of the file' }, { name: 'path' }];

describe('an answer', () => {
  test.each<[string, Question, readonly string[], Answer]>([
    ['typed', { kind: 'text', message: 'Name' }, ['passwd\r'], value('passwd')],
    ['empty', { kind: 'text', message: 'Name' }, ['\r'], value('')],
    ['the initial value, kept', { kind: 'text', message: 'Name', initial: '^a$' }, ['\r'], value('^a$')],
    [
      'the initial value, edited',
      { kind: 'text', message: 'Name', initial: 'etc' },
      ['\x01/\x05/ssh\r'],
      value('/etc/ssh'),
    ],
    ['typed over the initial value', { kind: 'text', message: 'Label', initial: 's1' }, ['s1\r'], value('s1')],
    [
      'the initial value, brought back after it was typed over',
      { kind: 'text', message: 'Label', initial: 'old' },
      ['new\x01\x19\r'],
      value('oldnew'),
    ],
    [
      'pasted, its line ends as spaces',
      { kind: 'text', message: 'Name' },
      ['\x1b[200~a\nb\n\x1b[201~', '\r'],
      value('a b'),
    ],
    [
      'completed from words',
      { kind: 'text', message: 'Hash', complete: ['sha256', 'md5'] },
      ['sh\t\r'],
      value('sha256'),
    ],
    ['a number', { kind: 'number', message: 'Depth' }, ['12\r'], value(12)],
    ['a number, changed', { kind: 'number', message: 'Depth', initial: 12 }, ['\x7f5\r'], value(15)],
    ['yes', { kind: 'confirm', message: 'Launch' }, ['y\r'], value(true)],
    ['no', { kind: 'confirm', message: 'Launch', initial: true }, ['n\r'], value(false)],
    ['Enter alone, as proposed', { kind: 'confirm', message: 'Launch', initial: true }, ['\r'], value(true)],
    ['the first choice', { kind: 'choose', message: 'What', choices }, ['\r'], value('done')],
    ['the choice proposed', { kind: 'choose', message: 'What', choices, initial: 'path' }, ['\r'], value('path')],
    ['a choice by arrows', { kind: 'choose', message: 'What', choices }, [`${down}${down}${up}\r`], value('name')],
    ['a choice above the first', { kind: 'choose', message: 'What', choices }, [`${up}\r`], value('path')],
    ['a choice by typing', { kind: 'choose', message: 'What', choices }, ['pa\r'], value('path')],
    ['several choices', { kind: 'many', message: 'Which', choices }, [` ${down}${down} \r`], value(['done', 'path'])],
    [
      'several choices, marked twice, filtered and marked',
      { kind: 'many', message: 'Which', choices },
      ['  pa \r'],
      value(['path']),
    ],
    ['no choice of many', { kind: 'many', message: 'Which', choices, initial: ['name'] }, [down, ' ', '\r'], value([])],
    [
      'a form',
      {
        kind: 'form',
        message: 'Author',
        fields: [
          { name: 'name', message: 'Name' },
          { name: 'mail', message: 'Mail', initial: 'a@b' },
        ],
      },
      ['Ann\r\r'],
      value({ name: 'Ann', mail: 'a@b' }),
    ],
    [
      'a form, its last field first',
      {
        kind: 'form',
        message: 'Author',
        fields: [
          { name: 'name', message: 'Name' },
          { name: 'mail', message: 'Mail' },
        ],
      },
      [`${down}m${up}n\t\r`],
      value({ name: 'n', mail: 'm' }),
    ],
    ['back', { kind: 'text', message: 'Name' }, ['half', escape], { kind: 'back' }],
    ['back from choices', { kind: 'choose', message: 'What', choices }, [escape], { kind: 'back' }],
    ['left with Ctrl-C', { kind: 'text', message: 'Name' }, ['half\x03'], { kind: 'cancel' }],
    ['left with Ctrl-C from many', { kind: 'many', message: 'Which', choices }, ['\x03'], { kind: 'cancel' }],
    ['left with Ctrl-D on an empty line', { kind: 'text', message: 'Name' }, ['\x04'], { kind: 'cancel' }],
  ])('is %s', async (_what, question, keys, expected) => {
    expect((await answer(question, ...keys)).answer).toEqual(expected);
  });

  test('Ctrl-D in a line deletes, and does not leave', async () => {
    expect((await answer({ kind: 'text', message: 'Name', initial: 'ab' }, '\x01\x04\r')).answer).toEqual(value('b'));
  });
});

describe('a wrong answer', () => {
  const question: Question = {
    kind: 'text',
    message: 'Regular expression',
    hint: 'example: ^passwd$',
    check: (typed) => (typed.includes('(') ? `expected a regular expression, got '${typed}': missing )` : undefined),
  };

  test('is explained, keeps what was typed, and is corrected', async () => {
    const { input, output, answerer } = start();
    const answered = answerer.answer(question);
    await vi.waitFor(() => expect(output.screen.text).toContain('example'));
    input.type('pass(\r');
    await vi.waitFor(() =>
      expect(output.screen.text).toBe(
        [
          'Regular expression: pass(',
          "! expected a regular expression, got 'pass(': missing )",
          'example: ^passwd$',
          'Esc goes back · Ctrl-C leaves',
        ].join('\n'),
      ),
    );
    expect(output.screen.cursor).toEqual({ x: 25, y: 0 });
    input.type('\x7fwd\r');
    expect(await answered).toEqual(value('passwd'));
    expect(output.screen.text).toBe('Regular expression: passwd');
  });

  test.each<[string, Question, readonly string[], string]>([
    ['a number', { kind: 'number', message: 'Depth' }, ['many\r', '\x157\r'], "! expected a number, got 'many'"],
    ['nothing for a number', { kind: 'number', message: 'Depth' }, ['\r', '7\r'], '! expected a number, got nothing'],
    ['yes or no', { kind: 'confirm', message: 'Launch' }, ['maybe\r', '\x15y\r'], "! expected y or n, got 'maybe'"],
    ['nothing for yes or no', { kind: 'confirm', message: 'Launch' }, ['\r', 'y\r'], '! expected y or n, got nothing'],
    [
      'a choice that is none',
      { kind: 'choose', message: 'What', choices },
      ['zz\r', '\x15\r'],
      "! expected one of the list, got 'zz'",
    ],
    [
      'too few',
      {
        kind: 'many',
        message: 'Which',
        choices,
        check: (names) => (names.length > 0 ? undefined : 'expected at least one'),
      },
      ['\r', ' ', '\r'],
      '! expected at least one',
    ],
    [
      'a form',
      {
        kind: 'form',
        message: 'Author',
        fields: [{ name: 'name', message: 'Name' }],
        check: ({ name }) => (name === '' ? 'expected a name' : undefined),
      },
      ['\r', 'Ann\r'],
      '! expected a name',
    ],
  ])('is explained for %s', async (_what, question, keys, problem) => {
    const { output, answer: given } = await answer(question, ...keys);
    expect(given.kind).toBe('value');
    expect(output.written).toContain(problem);
  });
});

describe('a question', () => {
  test('shows its choices with hints and what the keys do', async () => {
    const { input, output, answerer } = start({ columns: 60, rows: 30 });
    const answered = answerer.answer({
      kind: 'choose',
      message: 'What next?',
      hint: 'of three',
      choices,
      initial: 'name',
    });
    await vi.waitFor(() =>
      expect(output.screen.text).toBe(
        [
          'What next?',
          '  done  use it',
          '> name  of the file',
          '  path',
          'of three',
          'arrows move, typing filters · Esc goes back · Ctrl-C leaves',
        ].join('\n'),
      ),
    );
    input.type('\r');
    await answered;
    expect(output.screen.text).toBe('What next? name');
  });

  test('once answered, gives way to its answer where both do not fit', async () => {
    const { input, output, answerer } = start({ columns: 40, rows: 30 });
    const answered = answerer.answer({ kind: 'text', message: 'A question that is longer than the window is' });
    await vi.waitFor(() => expect(output.screen.text).toContain('window is:'));
    input.type('^passwd$\r');
    await answered;
    expect(output.screen.text).toBe('A question that is longer tha… ^passwd$');
  });

  test('fits into a window of 24 columns and 8 rows', async () => {
    const many = Array.from({ length: 40 }, (_, at) => ({ name: `choice-${at}`, hint: 'a hint that is far too long' }));
    const { input, output, answerer } = start({ columns: 24, rows: 8 });
    const answered = answerer.answer({
      kind: 'choose',
      message: 'Which of all these?',
      choices: many,
      initial: 'choice-20',
    });
    await vi.waitFor(() => expect(output.screen.text).toContain('choice-20'));
    const rows = output.screen.text.split('\n');
    expect(rows.length).toBeLessThan(8);
    expect(rows.filter((row) => row.length > 23)).toEqual([]);
    expect(output.screen.text).toContain('21 of 40');
    input.type('\r');
    expect(await answered).toEqual(value('choice-20'));
  });

  test('draws hostile values as escapes and writes none of them', async () => {
    const hostile = 'a\x1b]52;c;eA==\x07\x1b[2J\r\x9b31m\u202eb';
    const { output, answer: given } = await answer(
      { kind: 'choose', message: 'Which value?', hint: hostile, choices: [{ name: hostile, hint: hostile }] },
      '\r',
    );
    expect(given).toEqual(value(hostile));
    expect(output.screen.foreign).toEqual([]);
    expect(output.screen.text).toContain('a\\x1b]52;c;eA==\\x07\\x1b[2J\\r\\x9b31m\\u{202e}b');
  });

  test('is drawn again when the window changes', async () => {
    const { input, output, answerer } = start({ columns: 60, rows: 30 });
    const answered = answerer.answer({ kind: 'text', message: 'A question that is longer than the window will be' });
    await vi.waitFor(() => expect(output.screen.text).toContain('will be:'));
    output.columns = 30;
    output.emit('resize');
    await vi.waitFor(() => expect(output.written).toContain('A question that is longer\n'));
    input.type('\r');
    await answered;
  });
});

describe('a series of questions', () => {
  const creator = async (ask: Ask): Promise<unknown> => {
    const what = await ask.choose({ message: 'What', choices });
    if (what === 'done') return { what };
    const name = await ask.text({ message: 'Name', check: (typed) => (typed === '(' ? "got '('" : undefined) });
    ask.note([line(`noted ${name}`)]);
    return { what, name, sure: await ask.confirm({ message: 'Sure?' }) };
  };

  test('may be typed ahead in one piece, to the last key and no further', async () => {
    const { input, answerer, atPrompt, isTaken } = start();
    const created = runCreator(creator, answerer);
    input.type('name\rpasswd\ry\rresults\r');
    expect(await created).toEqual({ what: 'name', name: 'passwd', sure: true });
    expect(atPrompt).toEqual([]);
    expect(isTaken()).toBe(false);
  });

  test('takes an answer back with Esc and asks again with what was answered', async () => {
    const { input, output, answerer } = start();
    const created = runCreator(creator, answerer);
    input.type('name\rpasswd\r');
    await vi.waitFor(() => expect(output.screen.text).toContain('Sure? (y/n)'));
    input.type(escape);
    await vi.waitFor(() => expect(output.screen.row).toBe('Name: passwd'));
    input.type('\x15shadow\r');
    await vi.waitFor(() => expect(output.screen.row).toBe('Sure? (y/n)'));
    input.type('y\r');
    expect(await created).toEqual({ what: 'name', name: 'shadow', sure: true });
    expect(output.screen.text).toBe(
      [
        'What: name',
        'Name: passwd',
        'noted passwd',
        'Sure? (taken back)',
        'Name: shadow',
        'noted shadow',
        'Sure? yes',
      ].join('\n'),
    );
  });

  test('Ctrl-C in the middle leaves it, and what was typed behind waits for the prompt', async () => {
    const { input, answerer, isTaken, atPrompt, resume } = start();
    const created = runCreator(creator, answerer);
    input.type('name\rpass\x03results\r');
    await expect(created).rejects.toMatchObject({ code: 'QUESTION_CANCELLED' });
    expect(isTaken()).toBe(false);
    expect(atPrompt).toEqual([]);
    resume();
    await vi.waitFor(() => expect(atPrompt).toEqual(['results', '\r']));
  });

  test('a choice with a value behind it answers the next question as well', async () => {
    const { input, output, answerer } = start();
    const created = runCreator(creator, answerer);
    input.type('name ^passwd$\ry\r');
    expect(await created).toEqual({ what: 'name', name: '^passwd$', sure: true });
    expect(output.screen.text).toContain('Name: ^passwd$');
  });

  test('a value behind a choice that is wrong is explained and can be corrected', async () => {
    const { input, output, answerer } = start();
    const created = runCreator(creator, answerer);
    input.type('name (\r');
    await vi.waitFor(() => expect(output.screen.text).toContain("! got '('"));
    input.type('\x7fx\ry\r');
    expect(await created).toEqual({ what: 'name', name: 'x', sure: true });
  });
});
