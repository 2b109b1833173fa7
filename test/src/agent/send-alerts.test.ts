import { PassThrough } from 'node:stream';
import { describe, expect, test } from 'vitest';
import { createLinkOutput } from '../../../src/agent/link-output.ts';
import { createAlertSender } from '../../../src/agent/send-alerts.ts';
import { createEventSender } from '../../../src/agent/send-events.ts';
import type { Alert } from '../../../src/protocol/alert.ts';
import { parseToConsoleFrame, type ModuleEvent, type ToConsoleFrame } from '../../../src/protocol/frame.ts';
import { waitFor } from '../../helpers/wait-for.ts';

/** A console that reads when it is told to. */
function openConsole() {
  const stream = new PassThrough({ highWaterMark: 1024 });
  const frames: ToConsoleFrame[] = [];
  let rest = '';
  const read = (chunk: Buffer): void => {
    const lines = (rest + chunk.toString()).split('\n');
    rest = lines.pop() ?? '';
    frames.push(...lines.map(parseToConsoleFrame));
  };
  return { stream, output: createLinkOutput(stream), frames, start: () => void stream.on('data', read) };
}

describe('alerts to a console', () => {
  const alert = (n: number): Alert => ({ n, module: 'm', at: '2026-01-01T00:00:00.000Z', message: 'x'.repeat(100) });
  function openSpool(kept: number, received = 0) {
    const alerts = Array.from({ length: kept }, (_one, at) => alert(at + 1));
    const listeners = new Set<(one: Alert) => void>();
    let confirmed = received;
    return {
      tell: (one: Alert, isKept: boolean) => {
        if (isKept) alerts.push(one);
        for (const listener of listeners) listener(one);
      },
      listeners,
      read: (after: number, limit: number) => alerts.filter(({ n }) => n > after).slice(0, limit),
      received: () => confirmed,
      setReceived: (_receiver: string, n: number) => {
        confirmed = n;
      },
      onAlert: (listener: (one: Alert) => void) => {
        listeners.add(listener);
        return () => void listeners.delete(listener);
      },
    };
  }
  const numbers = (frames: readonly ToConsoleFrame[]) =>
    frames.flatMap((frame) => (frame.type === 'alert' ? [frame.alert.n] : []));

  test('begin behind the last that any console has stored, or where it asks, and go on with those to come', async () => {
    for (const [after, first] of [
      [undefined, 3],
      [4, 5],
      [0, 1],
    ] as const) {
      const spool = openSpool(5, 2);
      const { output, frames, start } = openConsole();
      start();
      createAlertSender(spool, output).start(after);
      await waitFor('the newest', () => numbers(frames).at(-1) === 5);
      expect(numbers(frames)[0]).toBe(first);
      spool.tell(alert(6), true);
      await waitFor('the new one', () => numbers(frames).at(-1) === 6);
    }
  });

  test('go no faster than they are read, and all arrive in order', async () => {
    const spool = openSpool(500);
    const { output, frames, start, stream } = openConsole();
    createAlertSender(spool, output).start(0);
    for (let n = 501; n <= 600; n++) spool.tell(alert(n), true);
    await new Promise((resolve) => setImmediate(resolve));
    expect(stream.writableLength + stream.readableLength).toBeLessThan(4096);
    start();
    await waitFor('all', () => frames.length === 600);
    expect(numbers(frames)).toEqual(Array.from({ length: 600 }, (_one, at) => at + 1));
  });

  test('are told from memory where the disk did not take them', async () => {
    const spool = openSpool(1);
    const { output, frames, start } = openConsole();
    start();
    createAlertSender(spool, output).start(undefined);
    spool.tell(alert(2), false);
    spool.tell(alert(3), true);
    await waitFor('the third', () => numbers(frames).includes(3));
    spool.tell(alert(4), false);
    await waitFor('the fourth', () => numbers(frames).includes(4));
    expect(numbers(frames)).toEqual([1, 2, 3, 4]);
  });

  test('are confirmed up to what was sent, never beyond, never backwards', async () => {
    const spool = openSpool(3);
    const { output, frames, start } = openConsole();
    start();
    const sender = createAlertSender(spool, output);
    sender.start(0);
    await waitFor('three', () => frames.length === 3);
    sender.confirm(99);
    expect(spool.received()).toBe(0);
    sender.confirm(2);
    sender.confirm(1);
    expect(spool.received()).toBe(2);
    sender.stop();
    expect(spool.listeners.size).toBe(0);
  });
});

describe('what watched modules tell', () => {
  const event = (module: string, text: string): ModuleEvent => ({ module, at: 't', kind: 'data', text });
  function openModules() {
    const listeners = new Set<(one: ModuleEvent) => void>();
    return {
      listeners,
      tell: (one: ModuleEvent) => {
        for (const listener of listeners) listener(one);
      },
      onEvent: (listener: (one: ModuleEvent) => void) => {
        listeners.add(listener);
        return () => void listeners.delete(listener);
      },
    };
  }
  const texts = (frames: readonly ToConsoleFrame[]) =>
    frames.flatMap((frame) => (frame.type === 'event' ? [`${frame.event.module}: ${frame.event.text}`] : []));

  test('goes to consoles that watch them, as long as they do', async () => {
    const modules = openModules();
    const { output, frames, start } = openConsole();
    start();
    const sender = createEventSender(modules, output);
    modules.tell(event('a', 'before'));
    sender.watch('a', true);
    modules.tell(event('a', 'one'));
    modules.tell(event('b', 'other'));
    sender.watch('b', true);
    sender.watch('a', false);
    modules.tell(event('a', 'after'));
    modules.tell(event('b', 'two'));
    await waitFor('two', () => frames.length === 2);
    expect(texts(frames)).toEqual(['a: one', 'b: two']);
    sender.watch('b', false);
    expect(modules.listeners.size).toBe(0);
  });

  test('is counted where a console does not read it in time, and the count is told', async () => {
    const modules = openModules();
    const { output, frames, start, stream } = openConsole();
    const sender = createEventSender(modules, output);
    sender.watch('a', true);
    for (let time = 0; time < 1000; time++) modules.tell(event('a', 'x'.repeat(100)));
    expect(stream.writableLength + stream.readableLength).toBeLessThan(4096);
    const told = (): number => texts(frames).filter((text) => text.startsWith('a: x')).length;
    start();
    await waitFor('the count', () => texts(frames).at(-1)?.includes('were not told'));
    expect(texts(frames).at(-1)).toBe(
      `a: ${1000 - told()} events were not told: this console read more slowly than they came`,
    );
    modules.tell(event('a', 'again'));
    await waitFor('the next', () => texts(frames).at(-1) === 'a: again');
  });
});
