import { afterEach, describe, expect, test, vi } from 'vitest';
import type { AlertSpool } from '../../../../src/agent/persistent/alert-spool.ts';
import { createAlertFeed } from '../../../../src/agent/persistent/feed-alerts.ts';
import { formatAlert, formatEvent } from '../../../../src/agent/persistent/module-says.ts';
import { createAlertTaker } from '../../../../src/agent/persistent/take-alerts.ts';
import { createListeners } from '../../../../src/base/listeners.ts';
import { type Alert, readAlertMessage } from '../../../../src/protocol/alert.ts';

afterEach(() => void vi.useRealTimers());

const alert = (n: number): Alert => ({ n, module: 'm', at: '2026-11-21T00:00:00.000Z', message: `alert ${n}` });

/** A spool in memory. */
function createSpool(count: number) {
  const all = Array.from({ length: count }, (_, at) => alert(at + 1));
  const listeners = createListeners<[Alert]>();
  const received = new Map<string, number>();
  const spool: AlertSpool = {
    add: () => {
      const next = alert(all.length + 1);
      all.push(next);
      listeners.tell(next);
      return next;
    },
    addOnce: () => 'kept',
    read: (after, limit) => all.filter(({ n }) => n > after).slice(0, limit),
    received: (receiver) => received.get(receiver) ?? 0,
    setReceived: (receiver, n) => void received.set(receiver, n),
    onAlert: listeners.add,
    close: () => {},
  };
  return spool;
}

describe('the feed of a module that takes alerts', () => {
  function feedOf(spool: AlertSpool) {
    const sent: number[] = [];
    return { sent, feed: createAlertFeed({ module: 'dispatch', alerts: spool, send: ({ n }) => void sent.push(n) }) };
  }

  test('begins behind what the module has, and goes on with new ones', () => {
    const spool = createSpool(3);
    spool.setReceived('dispatch', 1);
    const { sent, feed } = feedOf(spool);
    feed.start();
    spool.add('m', 'x');
    expect(sent).toEqual([2, 3, 4]);
  });

  test('is no more than 64 ahead of the answers', () => {
    const spool = createSpool(1000);
    const { sent, feed } = feedOf(spool);
    feed.start();
    spool.add('m', 'x');
    expect(sent).toHaveLength(64);
    feed.received(10);
    expect(sent).toHaveLength(74);
    expect(spool.received('dispatch')).toBe(10);
  });

  test('gives again what was not answered, after the module was started again', () => {
    const spool = createSpool(5);
    const { sent, feed } = feedOf(spool);
    feed.start();
    feed.received(2);
    feed.stop();
    spool.add('m', 'x');
    feed.start();
    expect(sent).toEqual([1, 2, 3, 4, 5, 3, 4, 5, 6]);
  });

  test.each([[99], [0], ['1'], [undefined], [1.5]])('an answer that means nothing (%j) moves nothing', (n) => {
    const spool = createSpool(5);
    const { feed } = feedOf(spool);
    feed.start();
    feed.received(n);
    expect(spool.received('dispatch')).toBe(0);
  });

  test('alerts that nobody answers are not sent on for ever after a stop', () => {
    const spool = createSpool(1);
    const { sent, feed } = feedOf(spool);
    feed.start();
    feed.stop();
    spool.add('m', 'x');
    feed.received(1);
    expect(sent).toEqual([1]);
    expect(spool.received('dispatch')).toBe(0);
  });
});

describe('the module that takes them', () => {
  function takerOf(abort = new AbortController()) {
    const taken: number[] = [];
    const lines: string[] = [];
    const taker = createAlertTaker({
      onTaken: (n) => taken.push(n),
      log: (line) => lines.push(line),
      signal: abort.signal,
    });
    return { taken, lines, taker };
  }

  test('handles them in order, and those that came before it worked', async () => {
    vi.useFakeTimers();
    const { taken, taker } = takerOf();
    taker.take(alert(1));
    taker.take(alert(2));
    taker.start(async () => {});
    taker.take(alert(3));
    await vi.advanceTimersByTimeAsync(0);
    expect(taken).toEqual([1, 2, 3]);
  });

  test('tries one that fails again before any later one', async () => {
    vi.useFakeTimers();
    const { taken, lines, taker } = takerOf();
    let failures = 2;
    taker.start(async ({ n }) => {
      if (n === 1 && failures-- > 0) throw new Error('disk full');
    });
    taker.take(alert(1));
    taker.take(alert(2));
    await vi.advanceTimersByTimeAsync(1400);
    expect(taken).toEqual([]);
    await vi.advanceTimersByTimeAsync(200);
    expect(taken).toEqual([1, 2]);
    expect(lines).toEqual([
      'alert 1 could not be taken, it is tried again in 500 ms: disk full',
      'alert 1 could not be taken, it is tried again in 1000 ms: disk full',
    ]);
  });

  test('answers nothing after its end', async () => {
    vi.useFakeTimers();
    const abort = new AbortController();
    const { taken, taker } = takerOf(abort);
    taker.start(() => Promise.reject(new Error('no')));
    taker.take(alert(1));
    abort.abort();
    await vi.advanceTimersByTimeAsync(100_000);
    expect(taken).toEqual([]);
  });

  test('passes over what is no alert', async () => {
    vi.useFakeTimers();
    const { taken, taker } = takerOf();
    taker.start(async () => {});
    for (const wrong of [undefined, {}, { ...alert(1), n: 0 }, 'x']) taker.take(wrong);
    await vi.advanceTimersByTimeAsync(0);
    expect(taken).toEqual([]);
  });
});

describe('what a module says', () => {
  test.each([
    ['100% of %s', '100% of %s'],
    [{ severity: 'low', alert: '%d' }, '{"severity":"low","alert":"%d"}'],
  ])('%j travels as it is', (message, text) => {
    expect(formatAlert(message)).toBe(text);
  });

  test('an alert that is too long is cut, and keeps its severity', () => {
    const text = formatAlert({ severity: 'critical', alert: '\u0001'.repeat(100_000) });
    expect(text.length).toBeLessThanOrEqual(65_536);
    expect(readAlertMessage(text)).toMatchObject({ severity: 'critical', text: expect.stringMatching(/too long\)$/) });
    expect(formatAlert('x'.repeat(100_000))).toHaveLength(65_536);
  });

  test('what JSON cannot hold is told in some way', () => {
    expect(formatAlert({ size: 1n })).toBe('size');
  });

  test('an event that is too long is not told', () => {
    expect(formatEvent({ a: 1 })).toBe('{"a":1}');
    expect(formatEvent({ a: 'x'.repeat(70_000) })).toBeUndefined();
  });
});
