import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createStdinBroker, type StdinBroker } from '../../../../src/console/input/stdin-broker.ts';
import type { Token } from '../../../../src/console/input/take-token.ts';
import { FakeInput } from '../../../helpers/fake-terminal.ts';

const shown = (token: Token): string =>
  token.kind === 'key' ? JSON.stringify(token.sequence) : `${token.kind} ${token.text}`;
const settle = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));

let input: FakeInput;
let broker: StdinBroker;
let events: string[];

beforeEach(() => {
  input = new FakeInput();
  events = [];
  broker = createStdinBroker({
    input,
    onInterrupt: () => events.push('interrupt'),
    onEnd: () => events.push('end'),
    escapeMs: 5,
  });
  broker.start();
});
afterEach(() => broker.stop());

const own = (name = ''): (() => void) => broker.own((token) => void events.push(`${name}${shown(token)}`));

describe('the stdin broker', () => {
  test('takes the terminal into raw mode and gives it back', () => {
    expect(input.isRaw).toBe(true);
    broker.stop();
    expect(input.isRaw).toBe(false);
  });

  test.each([
    ['an arrow', '\x1b[1;5C', ['"\\u001b[1;5C"']],
    ['a paste', '\x1b[200~a\nb\x1b[201~', ['paste a\nb']],
    ['the answer of a terminal', '\x1b]11;rgb:0/0/0\x1b\\', ['"\\u001b]11;rgb:0/0/0\\u001b\\\\"']],
    ['a letter of three bytes', '漢', ['text 漢']],
  ])('takes %s as one token wherever it is split', async (_what, typed, expected) => {
    own();
    const bytes = Buffer.from(typed);
    for (let cut = 1; cut < bytes.length; cut++) {
      events.length = 0;
      input.emit('data', bytes.subarray(0, cut));
      input.emit('data', bytes.subarray(cut));
      await settle();
      expect(events).toEqual(expected);
    }
  });

  test('takes an Escape that nothing follows as a key', async () => {
    own();
    input.type('\x1b');
    await vi.waitFor(() => expect(events).toEqual(['"\\u001b"']));
  });

  test('takes Enter as one key, typed before or after raw mode was on', async () => {
    own();
    input.type('a\nb\r');
    await settle();
    expect(events).toEqual(['text a', '"\\r"', 'text b', '"\\r"']);
  });

  test('keeps what is typed before anybody owns the keys', async () => {
    input.type('early\r');
    own();
    await settle();
    expect(events).toEqual(['text early', '"\\r"']);
  });

  test('gives the next token only when the owner is done with the one before', async () => {
    const done = Promise.withResolvers<void>();
    broker.own((token) => {
      events.push(shown(token));
      return events.length === 1 ? done.promise : undefined;
    });
    input.type('\x01\x02');
    await settle();
    expect(events).toEqual(['"\\u0001"']);
    done.resolve();
    await settle();
    expect(events).toEqual(['"\\u0001"', '"\\u0002"']);
  });

  test('keeps what is typed while a command runs, and gives it afterwards', async () => {
    own();
    const release = broker.hold();
    input.type('next\r');
    await settle();
    expect(events).toEqual([]);
    release();
    await settle();
    expect(events).toEqual(['text next', '"\\r"']);
  });

  test('gives a question its keys while the command that asks runs', async () => {
    own('line ');
    broker.hold();
    const release = own('question ');
    input.type('yes\r');
    await settle();
    release();
    input.type('more');
    await settle();
    expect(events).toEqual(['question text yes', 'question "\\r"']);
  });

  test('an interrupt overtakes what was typed ahead and keeps it as text that runs nothing', async () => {
    own();
    const release = broker.hold();
    input.type('launch\ry\r\x1b[A');
    input.type('\x03');
    await settle();
    expect(events).toEqual(['interrupt']);
    release();
    await settle();
    expect(events).toEqual(['interrupt', 'paste launch\ny\n']);
  });

  test('Ctrl-C is a key like others for the line editor and for a question', async () => {
    own('line ');
    input.type('\x03');
    await settle();
    broker.hold();
    own('question ');
    input.type('\x03');
    await settle();
    expect(events).toEqual(['line "\\u0003"', 'question "\\u0003"']);
  });

  test('says when the terminal is gone', () => {
    input.emit('end');
    expect(events).toEqual(['end']);
  });

  test('takes a paste of 10 MB within a second and keeps the first megabyte of it', async () => {
    own();
    const started = performance.now();
    input.type('\x1b[200~');
    const chunk = 'x'.repeat(4096);
    for (let sent = 0; sent < 10_000_000; sent += chunk.length) input.type(chunk);
    input.type('\x1b[201~');
    await settle();
    expect(events).toHaveLength(1);
    expect(events[0]?.length).toBeLessThan(1_100_000);
    expect(performance.now() - started).toBeLessThan(1000);
  });
});
