import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { AppError } from '../../../src/base/app-error.ts';
import {
  formatFrame,
  parseToAgentFrame,
  parseToConsoleFrame,
  type ToAgentFrame,
  type ToConsoleFrame,
} from '../../../src/protocol/frame.ts';

describe('frames', () => {
  const toAgent: readonly ToAgentFrame[] = [
    { type: 'hello', protocol: 1, version: '0.1.0' },
    { type: 'action', ref: 'r', action: { name: 'n' } },
    { type: 'cancel', ref: 'r' },
    { type: 'bye' },
  ];
  test.each(toAgent.map((frame) => [frame.type, frame] as const))('%s comes out as it went in', (_type, frame) => {
    expect(parseToAgentFrame(formatFrame(frame))).toEqual(frame);
  });

  const result = { foundanything: false, success: true, elements: null, statistics: null, errors: null };
  const toConsole: readonly ToConsoleFrame[] = [
    { type: 'report', ref: 'r', n: 1, report: { kind: 'accepted' } },
    { type: 'report', ref: 'r', n: 2, report: { kind: 'progress', operation: 0, examined: 10, found: 1 } },
    { type: 'report', ref: 'r', n: 3, report: { kind: 'hits', operation: 0, elements: { s1: [] } } },
    {
      type: 'report',
      ref: 'r',
      n: 4,
      report: { kind: 'result', operation: 0, status: 'timeout', partial: true, durationMs: 3, result },
    },
    { type: 'report', ref: 'r', n: 5, report: { kind: 'done', status: 'timeout' } },
    { type: 'problem', error: { code: 'X', message: 'm', hint: 'h' } },
  ];
  test.each(toConsole.map((frame) => [formatFrame(frame), frame] as const))(
    '%s comes out as it went in',
    (line, frame) => {
      expect(parseToConsoleFrame(line)).toEqual(frame);
    },
  );

  test.each(['', '{', '[]', 'null', '{"type":"nope"}', '{"type":"action"}', '{"type":"action","ref":""}'])(
    '%j is no frame for an agent',
    (line) => {
      expect(() => parseToAgentFrame(line)).toThrow(expect.objectContaining({ code: 'FRAME_INVALID' }));
    },
  );

  test.each([
    '{"type":"report","ref":"r","n":0,"report":{"kind":"accepted"}}',
    '{"type":"report","ref":"r","n":1,"report":{"kind":"done","status":"sent"}}',
    '{"type":"report","ref":"r","n":1,"report":{"kind":"progress","operation":-1,"examined":0,"found":0}}',
    '{"type":"report","ref":"r","n":1,"report":{"kind":"result","operation":0,"status":"success","partial":false,"durationMs":1,"result":{"errors":7}}}',
  ])('%s is no frame for a console', (line) => {
    expect(() => parseToConsoleFrame(line)).toThrow(expect.objectContaining({ code: 'FRAME_INVALID' }));
  });

  test('any text is a frame or an error that explains itself, nothing else', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (line) => {
        for (const parse of [parseToAgentFrame, parseToConsoleFrame]) {
          try {
            parse(line);
          } catch (error) {
            expect(error).toBeInstanceOf(AppError);
          }
        }
      }),
    );
  });
});
