import { expect, test, vi } from 'vitest';
import { line } from '../../../../src/module/line.ts';
import { createLineWriter } from '../../../../src/console/views/line-writer.ts';
import type { LiveScreen, LiveScreenOptions } from '../../../../src/console/views/live-screen.tsx';
import { createScreenShare } from '../../../../src/console/views/share-screen.ts';

const nextTurn = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));

function start() {
  const events: string[] = [];
  const live: LiveScreen = {
    isDrawn: Promise.resolve(),
    write: (text) => void events.push(`above ${text.trim()}`),
    suspend: async () => {
      events.push('suspended');
      return async () => void events.push('resumed');
    },
    interrupt: () => void events.push('interrupt'),
    close: async () => void events.push('closed'),
  };
  const writer = createLineWriter(({ text }) => text);
  const share = createScreenShare({
    writer,
    output: { write: (text) => events.push(`direct ${text.trim()}`) },
    open: async () => ({ openLiveScreen: () => live }),
  });
  return { events, writer, share, open: () => share.start({} as LiveScreenOptions) };
}

test('a series of questions takes the screen once and gives it back after the last', async () => {
  const { events, writer, share, open } = start();
  await open();
  for (const note of ['one', 'two']) {
    const giveBack = await share.take();
    writer.print([line(`during ${note}`)]);
    await nextTurn();
    giveBack();
    writer.print([line(`after ${note}`)]);
  }
  await vi.waitFor(() => expect(events).toContain('resumed'));
  writer.print([line('later')]);
  await vi.waitFor(() =>
    expect(events).toEqual([
      'suspended',
      'direct during one',
      'direct after one',
      'direct during two',
      'resumed',
      'above after two',
      'above later',
    ]),
  );
});

test('a question asked before the live part is there waits for it', async () => {
  const { events, share, open } = start();
  const taken = share.take();
  await nextTurn();
  expect(events).toEqual([]);
  await open();
  await taken;
  expect(events).toEqual(['suspended']);
});

test('what is printed after the end goes to the terminal', async () => {
  const { events, writer, share, open } = start();
  await open();
  await share.stop();
  writer.print([line('bye')]);
  writer.flush();
  expect(events).toEqual(['closed', 'direct bye']);
});
