import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { type ChildSupply, createWarmSupply } from '../../../src/agent/child-supply.ts';
import { defaultLimits } from '../../../src/agent/limits.ts';
import { runOperation } from '../../../src/agent/run-operation.ts';
import { systemClock } from '../../../src/base/clock.ts';
import { waitFor } from '../../helpers/wait-for.ts';

const program = { command: process.execPath, args: [join(import.meta.dirname, '../../helpers/agent-main.ts')] };
const limits = { ...defaultLimits, spareWaitMs: 1 };

/** The processes that wait to be told their module, among those this test process started. */
function findSpares(): readonly number[] {
  const children = readFileSync(`/proc/self/task/${process.pid}/children`, 'utf8').split(' ').map(Number);
  return children.filter((pid) => pid > 0 && readCommandLine(pid).includes('\0-m\0-\0'));
}

function readCommandLine(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return ''; // it has just ended
  }
}

function createSupply(): ChildSupply {
  const supply = createWarmSupply({ program, limits, extraPrivacy: false });
  onTestFinished(async () => {
    supply.close();
    await noSpare();
  });
  return supply;
}

const run = (supply: ChildSupply, memoryBytes = limits.memoryBytes) =>
  runOperation({
    supply,
    module: 'example',
    parameters: { gethostname: true },
    limits: { ...limits, memoryBytes },
    signal: new AbortController().signal,
    expiresAtMs: undefined,
    clock: systemClock,
    onProgress: () => {},
  });

const noSpare = (): Promise<true> => waitFor('the end of the spare', () => findSpares().length === 0);
const theSpare = (): Promise<number> => waitFor('a spare', () => findSpares()[0]);

describe('a warm supply', () => {
  test('runs an operation in its spare, and has another one then', async () => {
    const supply = createSupply();
    const first = await theSpare();
    const { status, result } = await run(supply);
    expect({ status, errors: result.errors }).toEqual({ status: 'success', errors: null });
    const second = await waitFor('another spare', () => findSpares().find((pid) => pid !== first));
    expect(findSpares()).toEqual([second]);
  });

  test('starts a process where a lower limit of memory is wanted, and keeps its spare', async () => {
    const supply = createSupply();
    const spare = await theSpare();
    expect((await run(supply, 200 * 1024 * 1024)).status).toBe('success');
    expect(findSpares()).toEqual([spare]);
  });

  test('does without a spare that has died', async () => {
    const supply = createSupply();
    const spare = await theSpare();
    process.kill(spare, 'SIGKILL');
    await waitFor('its end, which is told with its reaping', () => !existsSync(`/proc/${spare}`));
    expect((await run(supply)).status).toBe('success');
    expect(await theSpare()).not.toBe(spare);
  });

  test('leaves no process behind when it is closed', async () => {
    const supply = createSupply();
    await theSpare();
    supply.close();
    await noSpare();
  });

  test('refuses, in the spare, a module that is not there', async () => {
    const supply = createSupply();
    await theSpare();
    const { process: spare } = supply.take('no-such-module', limits);
    spare.stdin.end('{"class":"module","parameters":{"name":"no-such-module"}}\n');
    const answer = await new Promise<string>((resolve) => {
      spare.stdout.once('data', (chunk: Buffer) => resolve(chunk.toString()));
    });
    expect(answer).toContain('expected the name of a module, got \\"no-such-module\\"');
  });
});
