import { expect, test, vi } from 'vitest';
import { line } from '../../../../src/module/line.ts';
import { createLineWriter } from '../../../../src/console/views/line-writer.ts';

const render = ({ text }: { readonly text: string }): string => text;

test('writes the lines of one turn at once, in order', async () => {
  const written: string[] = [];
  const writer = createLineWriter(render);
  writer.direct((text) => written.push(text));
  writer.print([line('a')]);
  writer.write('painted\n');
  writer.print([line('b'), line('c')]);
  expect(written).toEqual([]);
  await vi.waitFor(() => expect(written).toEqual(['a\npainted\nb\nc\n']));
});

test('keeps lines while nobody has the screen', async () => {
  const written: string[] = [];
  const writer = createLineWriter(render);
  writer.print([line('early')]);
  await new Promise((resolve) => void setImmediate(resolve));
  writer.direct((text) => written.push(text));
  expect(written).toEqual(['early\n']);
});

test('writes nothing for no lines', async () => {
  const written: string[] = [];
  const writer = createLineWriter(render);
  writer.direct((text) => written.push(text));
  writer.print([]);
  writer.flush();
  expect(written).toEqual([]);
});
