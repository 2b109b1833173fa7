import { expect, test } from 'vitest';
import { messageOf, ModuleError, reportOf } from '../../../src/base/app-error.ts';
import { createLog } from '../../../src/base/log.ts';

test('an expected failure crosses a wire as code, message and hint', () => {
  expect(reportOf(new ModuleError('FLAG_UNKNOWN', '-x is not a flag'))).toEqual({
    code: 'FLAG_UNKNOWN',
    message: '-x is not a flag',
    hint: 'See the flags of the module with "help <module>".',
  });
});

test('anything else is called a defect, without its stack', () => {
  expect(reportOf(new TypeError('x is undefined'))).toEqual({
    code: 'BUG',
    message: 'x is undefined',
    hint: 'This is a defect of gumshoe: please report it with what you did.',
  });
  expect(messageOf('thrown text')).toBe('thrown text');
});

test('a log line is one object with time, level and values', () => {
  const lines: string[] = [];
  const log = createLog(
    (line) => lines.push(line),
    () => 0,
  );
  log.warn('slow', { ms: 7 });
  expect(lines).toEqual(['{"time":"1970-01-01T00:00:00.000Z","level":"warn","message":"slow","ms":7}\n']);
});
