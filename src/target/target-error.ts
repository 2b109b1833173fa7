import { ProtocolError } from '../base/app-error.ts';

/** Where in a target something is wrong: offsets of its first character and behind its last. */
export interface TargetSpan {
  readonly from: number;
  readonly to: number;
}

const maxShown = 40;

/** TARGET_INVALID that says where: characters are counted from 1. */
export function targetError(text: string, { from, to }: TargetSpan, problem: string, cause?: unknown): ProtocolError {
  const near = text.slice(from, Math.min(to, from + maxShown));
  const where = near === '' ? 'at its end' : `at character ${from + 1}, near ${JSON.stringify(near)}`;
  return new ProtocolError('TARGET_INVALID', `target, ${where}: ${problem}`, cause === undefined ? {} : { cause });
}
