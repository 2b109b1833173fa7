import { expect, test } from 'vitest';
import { addAlert, emptyFeed, passTime, type AlertFeed, type AlertNews } from '../../../src/console/alert-feed.ts';

const news = (agent: string, id: number): AlertNews => ({ id, agent, module: 'fswatch', severity: 'high', text: 'x' });

test('an agent that floods for a minute is told of ever more rarely, and hides no alert of another', () => {
  let feed: AlertFeed = emptyFeed;
  const texts: string[] = [];
  const flooded = 60_000;
  for (let ms = 1000; ms < 1000 + flooded; ms += 10) {
    const step = addAlert(feed, news('noisy', ms), ms);
    feed = step[0];
    texts.push(...step[1].map(({ text }) => text));
    if (ms % 10_000 !== 0) continue;
    const [after, lines] = addAlert(feed, news('quiet', ms), ms);
    feed = after;
    expect(lines.map(({ text }) => text)).toEqual([`alert ${ms}: quiet fswatch high: x`]);
  }
  expect(texts.length).toBeLessThan(30);
  const [calm, last] = passTime(feed, 200_000);
  texts.push(...last.map(({ text }) => text));
  const counted = texts.map((text) => Number(/^and (\d+) more alerts of noisy:/.exec(text)?.[1] ?? 1));
  expect(counted.reduce((sum, count) => sum + count, 0)).toBe(flooded / 10);
  expect(calm.held).toBe(0);
  expect(passTime(passTime(calm, 300_000)[0], 400_000)[0].windows.size).toBe(0);
});

test('a thousand agents with an alert each are told as a few lines and one number', () => {
  let feed: AlertFeed = emptyFeed;
  const lines = Array.from({ length: 1000 }, (_, at) => {
    const [after, told] = addAlert(feed, news(`h${at}`, at), 1000);
    feed = after;
    return told;
  });
  expect(lines.flat()).toHaveLength(10);
  expect(passTime(feed, 2000)[1].map(({ text }) => text)).toEqual([
    'and 990 more alerts of 990 agents: "alerts new" lists them',
  ]);
});
