import { expect, test } from 'vitest';
import { params } from '../../../modules/lineage/params.ts';
import { parseTime, resolveTime } from '../../../modules/lineage/times.ts';
import { splitWords } from '../../../src/console/words.ts';
import { parseParams } from '../../../src/module/flags.ts';
import { validateParameters } from '../../../src/module/params.ts';

const parse = (flags: string): unknown =>
  parseParams(
    params,
    splitWords(flags).map(({ text }) => text),
  );

test.each([
  ['-pid 0', '-pid: expected the number of a process, 1 to 4194304, got "0"'],
  ['-pid -4', '-pid: expected the number of a process, 1 to 4194304, got "-4"'],
  ['-pid 4194305', '-pid: expected the number of a process, 1 to 4194304, got "4194305"'],
  ['-pid sshd', '-pid: expected the number of a process, 1 to 4194304, got "sshd"'],
  ['-id abc', '-id: expected an id of the lineage, at least its first 4 characters, got "abc"'],
  ["-id '../../etc'", '-id: expected an id of the lineage'],
  ["-name ''", '-name: expected a name or a regular expression, got nothing'],
  ["-name '^(ssh'", '-name: expected a regular expression: '],
  ["-command ''", '-command: expected a regular expression, got nothing'],
  ["-command '['", '-command: expected a regular expression: '],
  ["-under '('", '-under: expected a regular expression: '],
  ['-from yesterday', '-from: expected a time such as 2026-11-21T14:03:22Z, 14:03 (UTC) or 10m (ago), got "yesterday"'],
  ['-from 2026-02-31', '-from: expected a time such as'],
  ['-until 25:00', '-until: expected a time such as'],
  ['-at 10', '-at: expected a time such as'],
  ['-at 5000d', '-at: expected a time such as'],
  ['-wrote etc/passwd', '-wrote: expected an absolute path, got "etc/passwd"'],
  ['-change touched', '-change: expected one of created, written, renamed, deleted, executed, got "touched"'],
  ['-exited 256', '-exited: expected a code from 0 to 255, a signal such as KILL, or core, got "256"'],
  ['-exited SIGFOO', '-exited: expected a code from 0 to 255, a signal such as KILL, or core, got "SIGFOO"'],
  ["-user 'a b'", '-user: expected the name or the number of a user, got "a b"'],
  ['-login 4294967296', '-login: expected a number below 2^32, got 4294967296'],
  ["-container 'a/b'", `-container: expected the beginning of a container's id, or *, got "a/b"`],
  ['-depth -1', '-depth: expected a whole number from 0 to 10000, got "-1"'],
  ['-limit 0', '-limit: expected a whole number from 1 to 20000, got "0"'],
  ['-limit 20001', '-limit: expected a whole number from 1 to 20000, got "20001"'],
  ['-at 10m -from 1h', 'at: expected either "at" or "from" and "until", got both'],
  ['-from 10m -until 20m', 'until: expected "until" after "from", got from 10m until 20m'],
  [
    '-from 2026-11-21T14:00Z -until 2026-11-21T13:00Z',
    'until: expected "until" after "from", got from 2026-11-21T14:00Z',
  ],
  ['-pids 4', 'did you mean -pid'],
])('%s is refused', (flags, said) => {
  expect(() => parse(flags)).toThrow(said);
});

test('numbers may travel as numbers, and a missing key means what it says', () => {
  expect(validateParameters(params, { pids: [4242], exited: [1], users: [0] })).toMatchObject({
    pids: ['4242'],
    exited: ['1'],
    users: ['0'],
  });
  expect(validateParameters(params, null)).toEqual(validateParameters(params, {}));
  expect(parse('-pid 7')).toEqual({ pids: ['7'], files: true, args: true, limit: 1000 });
});

const now = Date.parse('2026-11-21T15:00:00Z');
const timeOf = (text: string, nowMs = now, afterMs?: number): string | undefined => {
  const time = parseTime(text);
  return time && new Date(resolveTime(time, nowMs, afterMs)).toISOString();
};

test.each([
  ['2026-11-21T14:03:22Z', '2026-11-21T14:03:22.000Z'],
  ['2026-11-21T14:03:22.123456789Z', '2026-11-21T14:03:22.123Z'],
  ['2026-11-21 14:03', '2026-11-21T14:03:00.000Z'],
  ['2026-11-21T14:03+02:00', '2026-11-21T12:03:00.000Z'],
  ['2026-11-20', '2026-11-20T00:00:00.000Z'],
  ['14:03', '2026-11-21T14:03:00.000Z'],
  ['14:03:22.5', '2026-11-21T14:03:22.500Z'],
  ['10m', '2026-11-21T14:50:00.000Z'],
  ['1h30m', '2026-11-21T13:30:00.000Z'],
  ['2d', '2026-11-19T15:00:00.000Z'],
  ['250ms', '2026-11-21T14:59:59.750Z'],
  ['now', '2026-11-21T15:00:00.000Z'],
  ['24:00', undefined],
  ['m10', undefined],
  ['', undefined],
])('the time %j is %s', (text, expected) => {
  expect(timeOf(text)).toBe(expected);
});

test('a time of day is the last that has passed, and as an end the first after its beginning', () => {
  expect(timeOf('23:50', now)).toBe('2026-11-20T23:50:00.000Z');
  expect(timeOf('00:10', now, Date.parse('2026-11-20T23:50:00Z'))).toBe('2026-11-21T00:10:00.000Z');
  expect(timeOf('15:30', now, Date.parse('2026-11-21T14:00:00Z'))).toBe('2026-11-21T15:30:00.000Z');
});
