import { expect, test } from 'vitest';
import { formatModuleMessage, parseModuleMessage } from '../../../src/protocol/module-message.ts';

test("messages are written as MIG's agent writes them", () => {
  expect(formatModuleMessage({ class: 'parameters', parameters: { someparam: 'foo' } })).toBe(
    '{"class":"parameters","parameters":{"someparam":"foo"}}',
  );
  expect(formatModuleMessage({ class: 'stop', parameters: null })).toBe('{"class":"stop"}');
});

test('unknown keys are ignored', () => {
  expect(parseModuleMessage('{"class":"stop","colour":"red"}')).toEqual({ class: 'stop' });
});

test.each(['', 'x', '{}', '[]', '{"class":"nope"}', '{"class":"parameters","persistsock":7}'])(
  '%j is no message',
  (line) => {
    expect(() => parseModuleMessage(line)).toThrow(expect.objectContaining({ code: 'MESSAGE_INVALID' }));
  },
);
