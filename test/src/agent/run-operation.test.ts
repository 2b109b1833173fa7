import { existsSync } from 'node:fs';
import { getPriority } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { systemClock } from '../../../src/base/clock.ts';
import { defaultLimits, type Limits } from '../../../src/agent/limits.ts';
import { createColdSupply } from '../../../src/agent/child-supply.ts';
import { runOperation, type StreamedReport } from '../../../src/agent/run-operation.ts';
import { waitFor } from '../../helpers/wait-for.ts';

const program = { command: process.execPath, args: [join(import.meta.dirname, '../../helpers/fake-module-run.mjs')] };

interface Wanted {
  readonly limits?: Partial<Limits>;
  readonly parameters?: unknown;
  readonly expiresAtMs?: number;
  readonly command?: string;
  readonly cancelOn?: (report: StreamedReport) => boolean;
}

async function run(module: string, wanted: Wanted = {}) {
  const reports: StreamedReport[] = [];
  const stop = new AbortController();
  const end = await runOperation({
    supply: createColdSupply({
      program: wanted.command === undefined ? program : { ...program, command: wanted.command },
      extraPrivacy: false,
    }),
    module,
    parameters: wanted.parameters,
    limits: { ...defaultLimits, stopWaitMs: 100, termWaitMs: 100, memoryCheckMs: 20, ...wanted.limits },
    signal: stop.signal,
    expiresAtMs: wanted.expiresAtMs,
    clock: systemClock,
    onProgress: (report) => {
      reports.push(report);
      if (wanted.cancelOn?.(report)) stop.abort();
    },
  });
  return { ...end, reports, errors: end.result.errors?.join('\n') ?? null };
}

function pidOf(elements: unknown): number {
  return Number((elements as { readonly s1: readonly string[] }).s1[0]);
}

const onFirstHit = (report: StreamedReport): boolean => report.kind === 'hits';

describe('an operation', () => {
  test('gives its parameters to a child and takes its envelope', async () => {
    const { status, partial, result } = await run('answer', { parameters: { a: 1 } });
    expect({ status, partial, result }).toEqual({
      status: 'success',
      partial: false,
      result: { foundanything: true, success: true, elements: { a: 1 }, statistics: {}, errors: null },
    });
  });

  test.each([defaultLimits.nice, 17])('runs at the priority of its limit: nice %i', async (nice) => {
    const priorities: number[] = [];
    const { status } = await run('tell-pid', {
      limits: { nice },
      cancelOn: (report) => {
        if (report.kind === 'hits') priorities.push(getPriority(pidOf(report.elements)));
        return true;
      },
    });
    expect({ status, priorities }).toEqual({ status: 'cancelled', priorities: [nice] });
  });

  test('that is cancelled is asked to stop, and what it answers is kept and marked', async () => {
    const { status, partial, result } = await run('stop-then-answer', { cancelOn: onFirstHit });
    expect({ status, partial }).toEqual({ status: 'cancelled', partial: true });
    expect(result.elements).toEqual({ s1: ['a', 'b'] });
    expect(result.errors).toEqual([
      'stop-then-answer: cancelled by the investigator; what was found until then is kept',
    ]);
  });

  test('that does not answer the stop is ended by TERM, and what it had streamed is its result', async () => {
    const { status, partial, result, errors } = await run('ignore-stop', { limits: { timeoutMs: 400 } });
    expect({ status, partial }).toEqual({ status: 'timeout', partial: true });
    expect(result).toMatchObject({ foundanything: true, success: false, elements: { s1: ['a', 'b'] } });
    expect(errors).toBe('ignore-stop: stopped at its limit timeoutMs: 0.4 s; what was found until then is kept');
  });

  test('that ignores TERM is killed', async () => {
    const { status, result } = await run('ignore-term', { cancelOn: onFirstHit });
    expect(status).toBe('cancelled');
    expect(result.elements).toEqual({ s1: ['a'] });
  });

  test('is stopped when its action expires', async () => {
    const { status, errors } = await run('ignore-stop', { expiresAtMs: Date.now() + 400 });
    expect(status).toBe('timeout');
    expect(errors).toBe('ignore-stop: the action expired while it ran; what was found until then is kept');
  });

  test('leaves nothing behind that its child had started', async () => {
    const { result } = await run('leave-grandchild');
    const { pid } = result.elements as { readonly pid: number };
    await waitFor('the grandchild to be gone', () => !existsSync(`/proc/${pid}`));
  });

  test('that crashes fails with its exit status and last words, and keeps what it had found', async () => {
    const { status, partial, result, errors } = await run('crash');
    expect({ status, partial, elements: result.elements }).toEqual({
      status: 'failed',
      partial: true,
      elements: { s1: ['a'] },
    });
    expect(errors).toBe(
      'crash: it ended with status 7 and no result: first / the reason of the crash; what was found until then is kept',
    );
  });

  test('that answers with something else than a result fails and says so', async () => {
    const { status, partial, errors } = await run('garbage');
    expect({ status, partial }).toEqual({ status: 'failed', partial: false });
    expect(errors).toMatch(/^garbage: it answered with something else than a result: /);
  });

  test('is not disturbed by lines that mean nothing when its envelope comes', async () => {
    expect(await run('noise-then-answer')).toMatchObject({ status: 'success', partial: false, errors: null });
  });

  test('that wrote nonsense and hangs is still stopped at its limit', async () => {
    expect(await run('noise-then-hang', { limits: { timeoutMs: 200 } })).toMatchObject({
      status: 'timeout',
      errors: 'noise-then-hang: stopped at its limit timeoutMs: 0.2 s',
    });
  });

  test('that has answered and does not leave is made to, and has succeeded', async () => {
    expect(await run('answer-then-hang')).toMatchObject({ status: 'success', partial: false, errors: null });
  });

  test('that fails in its module keeps what it had streamed', async () => {
    const { status, partial, result } = await run('hit-then-fail');
    expect({ status, partial, elements: result.elements, errors: result.errors }).toEqual({
      status: 'failed',
      partial: true,
      elements: { s1: ['a'] },
      errors: ['broken', 'hit-then-fail: failed before its end; what was found until then is kept'],
    });
  });

  test('ends although a process that left its group holds its output open', async () => {
    const { status, result, durationMs } = await run('leave-daemon');
    process.kill((result.elements as { readonly pid: number }).pid, 'SIGKILL');
    expect(status).toBe('success');
    expect(durationMs).toBeLessThan(15_000);
  });

  test('that ends without a word fails', async () => {
    expect(await run('silent')).toMatchObject({
      status: 'failed',
      errors: 'silent: it ended with status 0 and no result',
    });
  });

  test('that writes without end is killed at its limit', async () => {
    const { status, errors } = await run('flood', { limits: { resultBytes: 1_000_000 } });
    expect(status).toBe('failed');
    expect(errors).toMatch(/^flood: expected a line of at most 1000000 bytes, got more/);
  });

  test('that takes too much memory is stopped and the limit named', async () => {
    const { status, errors } = await run('hog', { limits: { memoryBytes: 200 * 1024 * 1024 } });
    expect(status).toBe('failed');
    expect(errors).toMatch(/^hog: stopped at its limit memoryBytes: 209715200 bytes of memory, it used \d+/);
  });

  test('whose program cannot be started fails with the reason', async () => {
    const { status, errors } = await run('answer', { command: '/nonexistent/node' });
    expect(status).toBe('failed');
    expect(errors).toMatch(/^answer: it could not be started: .*ENOENT/);
  });

  test('reports progress and hits while it runs', async () => {
    const { reports } = await run('ignore-stop', { limits: { timeoutMs: 400 } });
    expect(reports).toContainEqual({ kind: 'progress', examined: 7, found: 2 });
    expect(reports).toContainEqual({ kind: 'hits', elements: { s1: ['a'] } });
  });
});
