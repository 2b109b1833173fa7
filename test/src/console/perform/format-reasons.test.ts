import { expect, test } from 'vitest';
import { formatReasons } from '../../../../src/console/perform/format-reasons.ts';

const columns = ['name', 'state', 'reason'];
const reason =
  'ssh: Could not resolve hostname nowhere: Name or service not known (correct the name, or give it in ssh_config)';
const rows = [
  ['a', 'online', ''],
  ['b', 'lost', reason],
  ['c', 'lost', reason],
];
const draw = (width: number | undefined): readonly string[] =>
  formatReasons(columns, rows, { width, nameAt: 0 }).map(({ text }) => text.trimEnd());

test('reasons stand in the table where they fit', () => {
  expect(draw(undefined)).toEqual(draw(200));
  expect(draw(200)[2]).toBe(`b     lost    ${reason}`);
});

test('in a narrow window each reason stands below, whole and once', () => {
  expect(draw(60)).toEqual(['name  state', 'a     online', 'b     lost', 'c     lost', `b, c: ${reason}`]);
});
