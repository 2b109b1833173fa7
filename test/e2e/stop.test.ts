import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { collectFragments } from '../../src/agent/collect-fragments.ts';
import { createLineSplitter } from '../../src/base/lines.ts';
import { formatFrame, linkProtocol, parseToConsoleFrame, type Report } from '../../src/protocol/frame.ts';

/** How long an operation runs before it is cancelled, and how long its end may take. The target is 200 ms; this much is for a busy machine. */
const runMs = 300;
const endMs = 1000;

type Result = Extract<Report, { kind: 'result' }>;

const agent = spawn(resolve(import.meta.dirname, '../../bin/gumshoe-agent'), ['--stdio'], {
  stdio: ['pipe', 'pipe', 'inherit'],
});
const listeners = new Map<string, (report: Report) => void>();
const splitter = createLineSplitter({ maxBytes: 64 * 1024 * 1024 });
agent.stdout.on('data', (chunk: Buffer) => {
  for (const line of splitter.push(chunk)) {
    const frame = parseToConsoleFrame(line);
    if (frame.type === 'report') listeners.get(frame.ref)?.(frame.report);
  }
});

beforeAll(async () => {
  agent.stdin.write(formatFrame({ type: 'hello', protocol: linkProtocol, version: 'test' }));
  await once(agent.stdout, 'data');
});

afterAll(async () => {
  const ended = once(agent, 'close');
  agent.stdin.end(formatFrame({ type: 'bye' }));
  await ended;
});

/** Starts one operation, cancels it, and waits until the action is done; `waitedMs` is from the cancel to the result. */
async function cancelSoon(module: string, parameters: unknown) {
  const ref = `stop-${module}`;
  const streamed = collectFragments();
  const done = Promise.withResolvers<void>();
  let result: Result | undefined;
  let [cancelledMs, waitedMs] = [Infinity, 0];
  listeners.set(ref, (report) => {
    if (report.kind === 'hits') streamed.add(report.elements);
    else if (report.kind === 'result') {
      result = report;
      waitedMs = Math.max(0, performance.now() - cancelledMs);
    } else if (report.kind === 'done' || report.kind === 'refused') done.resolve();
  });
  const action = { name: ref, target: 'local', operations: [{ module, parameters }] };
  agent.stdin.write(formatFrame({ type: 'action', ref, action }));
  const timer = setTimeout(() => {
    cancelledMs = performance.now();
    agent.stdin.write(formatFrame({ type: 'cancel', ref }));
  }, runMs);
  await done.promise;
  clearTimeout(timer);
  return { result, waitedMs, streamed: streamed.value() };
}

const search = { paths: ['/usr'], contents: ['the'], options: { matchlimit: 1_000_000 } };
const document = {
  objects: [{ object: 'lines', hasline: { path: '/usr', file: '.*', expression: 'the' } }],
  tests: [{ test: 'has-line', object: 'lines' }],
};

test.each([
  ['file', { searches: { s1: search } }],
  ['memory', { searches: { s1: { contents: ['[a-z]+the[0-9]+'] } } }],
  ['sshkey', { paths: ['/usr'], maxdepth: 100 }],
  ['persistence', {}],
  ['yara', { yara: 'rule the { strings: $a = "the" condition: $a }', search: { paths: ['/usr'] } }],
  ['scribe', { scribedoc: document }],
])('%s that is cancelled ends at once and keeps what it had found', async (module, parameters) => {
  const { result, waitedMs, streamed } = await cancelSoon(module, parameters);
  expect(waitedMs).toBeLessThan(endMs);
  if (!result || result.status === 'success') {
    // A small host: it had ended before the cancel came.
    expect(result).toMatchObject({ status: 'success', partial: false, result: { success: true } });
    return;
  }
  const { status, partial } = result;
  expect({ status, partial }).toEqual({ status: 'cancelled', partial: true });
  expect(result.result.errors?.at(-1)).toBe(
    `${module}: cancelled by the investigator; what was found until then is kept`,
  );
  if (streamed !== undefined) expect(result.result.foundanything).toBe(true);
  const kept = textsIn(result.result.elements);
  expect([...textsIn(streamed)].filter((text) => !kept.has(text))).toEqual([]);
});

/** All texts in a value. */
function textsIn(value: unknown): ReadonlySet<string> {
  if (typeof value === 'string') return new Set([value]);
  if (typeof value !== 'object' || value === null) return new Set();
  return new Set(Object.values(value).flatMap((part) => [...textsIn(part)]));
}
