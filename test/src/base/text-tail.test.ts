import { expect, test } from 'vitest';
import { createTextTail } from '../../../src/base/text-tail.ts';

test('the last lines of a stream are kept, each cut, however the chunks come', () => {
  const tail = createTextTail({ maxLines: 2, maxLineLength: 5 });
  for (const chunk of ['one\nt', 'wo\n\nthree and more', '\nlast']) tail.push(Buffer.from(chunk));
  expect(tail.lines()).toEqual(['three', 'last']);
});

test('a line without end keeps its beginning alone', () => {
  const tail = createTextTail({ maxLines: 2, maxLineLength: 5 });
  for (let at = 0; at < 1000; at++) tail.push(Buffer.from('x'.repeat(1000)));
  expect(tail.lines()).toEqual(['xxxxx']);
});
