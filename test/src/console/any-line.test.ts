import fc from 'fast-check';
import { expect, test } from 'vitest';
import { commands } from '../../../src/console/commands/command-list.ts';
import { emptyDraft } from '../../../src/console/draft.ts';
import { initialState, type Place } from '../../../src/console/state.ts';
import { update } from '../../../src/console/update.ts';

const places: readonly Place[] = [
  { mode: 'base' },
  { mode: 'launcher' },
  { mode: 'action', action: 12 },
  { mode: 'command', action: 12, n: 3 },
  { mode: 'agent', agent: 'web-01' },
];
const words = [
  ...commands.map(({ name }) => name),
  ...'file netstat -path /etc -name ( 12 12.3 0 -1 | grep head all where'.split(' '),
  ...`name=x --limit "" ' +10m now none local --format csv \\\\ __proto__ constructor`.split(' '),
];
const line = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.array(fc.constantFrom(...words), { maxLength: 6 }).map((typed) => typed.join(' ')),
);

test('whatever is typed, wherever, is understood or explained: never a defect, and the draft stays unless it was changed on purpose', () => {
  fc.assert(
    fc.property(fc.constantFrom(...places), line, (place, text) => {
      const draft = { ...emptyDraft, name: 'kept', operations: [{ module: 'example', parameters: {} }] };
      const state = initialState({ places: [{ mode: 'base' }, place], draft });
      const [after, effects] = update(state, { kind: 'line', text, nowMs: 1_795_244_400_000 });
      for (const effect of effects) if (effect.kind === 'fail') expect(effect.error.code).not.toBe('BUG');
      if (after.hasFailed) expect({ ...after, hasFailed: false }).toEqual(state);
    }),
    { numRuns: 2000 },
  );
});
