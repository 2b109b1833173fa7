import { expect, test } from 'vitest';
import { holdWhileBusy } from '../../../../src/console/input/hold-while-busy.ts';
import { startingSnapshot } from '../../../../src/console/input/program-slot.ts';

test('what is typed is held while the program is busy by itself, once, and let go afterwards', () => {
  const events: string[] = [];
  let busy: string | undefined;
  let changed = (): void => undefined;
  holdWhileBusy(
    {
      snapshot: () => ({ ...startingSnapshot, busy }),
      subscribe: (listener) => {
        changed = listener;
        return () => undefined;
      },
    },
    {
      hold: () => {
        events.push('held');
        return () => void events.push('released');
      },
    },
  );
  for (const now of [undefined, 'following', 'following on', undefined, undefined]) {
    busy = now;
    changed();
  }
  expect(events).toEqual(['held', 'released']);
});
