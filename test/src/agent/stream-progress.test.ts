import { expect, test } from 'vitest';
import { streamProgress } from '../../../src/agent/stream-progress.ts';

function create(maxBytes = 1000) {
  const lines: string[] = [];
  const time = { ms: 0 };
  return {
    lines,
    time,
    ...streamProgress({ write: (line) => lines.push(line), monotonicMs: () => time.ms, maxBytes }),
  };
}

test('the first hit is told at once, further ones ten times a second and together', () => {
  const { lines, time, progress, flush } = create();
  progress.hit({ s: [1] });
  progress.hit({ s: [2] });
  progress.hit({ s: [3] });
  expect(lines).toEqual([
    '{"class":"hits","parameters":{"elements":{"s":[1]}}}',
    '{"class":"progress","parameters":{"examined":0,"found":1}}',
  ]);
  time.ms = 100;
  progress.examined(50);
  expect(lines.slice(2)).toEqual([
    '{"class":"hits","parameters":{"elements":{"s":[2,3]}}}',
    '{"class":"progress","parameters":{"examined":50,"found":3}}',
  ]);
  flush();
  expect(lines).toHaveLength(4);
});

test('hits beyond the limit are counted but not streamed', () => {
  const { lines, time, progress } = create(10);
  progress.hit({ s: ['a long first one'] });
  time.ms = 100;
  progress.hit({ s: [2] });
  expect(lines.filter((line) => line.includes('hits'))).toHaveLength(1);
  expect(lines.at(-1)).toBe('{"class":"progress","parameters":{"examined":0,"found":2}}');
});
