import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { judge } from '../../../modules/dispatch/http-sink.ts';
import { createTemporaryFolder } from '../../helpers/temporary-folder.ts';
import { waitFor } from '../../helpers/wait-for.ts';
import { openReceiver, type Receiver } from './receiver.ts';
import { startDispatch } from './start-dispatch.ts';

const ids = (alerts: Receiver['taken']): readonly string[] => alerts.map(({ id }) => id);
const numbered = (from: number, to: number): readonly string[] =>
  Array.from({ length: to - from + 1 }, (_, at) => `here-${from + at}`);

test('alerts arrive one by one, in order, with their key in header and record', async () => {
  using folder = createTemporaryFolder();
  await using receiver = await openReceiver();
  await using dispatch = await startDispatch(folder.path, { httpurl: receiver.url, headers: { 'X-Site': 'north' } });
  for (let n = 1; n <= 20; n++) await dispatch.give(n, n === 3 ? '100%s {' : undefined);
  await waitFor('all alerts', () => receiver.taken.length === 20);
  expect(ids(receiver.taken)).toEqual(numbered(1, 20));
  expect(receiver.taken[0]).toMatchObject({
    headers: { 'idempotency-key': 'here-1', 'content-type': 'application/json', 'x-site': 'north' },
    body: {
      hostname: 'here',
      environment: { os: 'linux' },
      tags: { a: 'b' },
      event: { severity: 'low', alert: 'alert 1' },
    },
  });
  expect(receiver.taken[2]?.event).toEqual({ severity: 'unknown', alert: '100%s {' });
  await waitFor('the last note', async () => (await dispatch.elements()).queued === 0);
  expect(await dispatch.elements()).toMatchObject({
    ok: true,
    dropped: 0,
    sinks: [{ name: 'http', sent: 20, failing: 0 }],
  });
});

test("MozDef's shape holds the same record", async () => {
  using folder = createTemporaryFolder();
  await using receiver = await openReceiver();
  await using dispatch = await startDispatch(folder.path, { httpurl: receiver.url, outputmozdef: true });
  await dispatch.give(1);
  await waitFor('the alert', () => receiver.requests.length === 1);
  expect(receiver.requests[0]?.body).toMatchObject({
    category: 'mig',
    tags: ['mig-dispatch'],
    details: { id: 'here-1' },
  });
});

test('what fails for a while is tried again: 500, 429, a broken connection, no answer; nothing is lost, nothing taken twice', async () => {
  using folder = createTemporaryFolder();
  await using receiver = await openReceiver([500, 'reset', 'hang', 429, 302, 408]);
  await using dispatch = await startDispatch(folder.path, {
    httpurl: receiver.url,
    timeout: '200ms',
    retrymax: '100ms',
  });
  for (let n = 1; n <= 5; n++) await dispatch.give(n);
  await waitFor('all alerts', () => receiver.taken.length === 5, 20_000);
  expect(ids(receiver.taken)).toEqual(numbered(1, 5));
  expect(ids(receiver.requests).filter((id) => id === 'here-1')).toHaveLength(7);
  expect((await dispatch.elements()).sinks[0]?.lastError?.text).toBe('status 408: said 408');
  expect(dispatch.logs).toContain('http: no answer within 0.2 s; it is tried again');
  expect(dispatch.logs.at(-1)).toMatch(
    /^http: http:\/\/127\.0\.0\.1:\d+\/alerts answers again after 5 failed attempts$/,
  );
});

test('what is refused for good is kept aside, counted and logged, and holds up nobody', async () => {
  using folder = createTemporaryFolder();
  await using receiver = await openReceiver([200, 400, 200, 404]);
  await using dispatch = await startDispatch(folder.path, { httpurl: receiver.url });
  for (let n = 1; n <= 5; n++) await dispatch.give(n);
  await waitFor('all alerts', async () => (await dispatch.elements()).queued === 0);
  expect(ids(receiver.taken)).toEqual(['here-1', 'here-3', 'here-5']);
  expect((await dispatch.elements()).sinks[0]).toMatchObject({ sent: 3, undeliverable: 2, failing: 0 });
  expect(dispatch.logs).toContain('http: alert 2 of fswatch is kept aside as undeliverable: status 400: said 400');
});

test('a receiver that is down holds the queue, and gets all of it when it is back', async () => {
  using folder = createTemporaryFolder();
  const first = await openReceiver();
  const { port } = new URL(first.url);
  await first[Symbol.asyncDispose]();
  await using dispatch = await startDispatch(folder.path, { httpurl: first.url, retrymax: '100ms' });
  for (let n = 1; n <= 50; n++) await dispatch.give(n);
  await waitFor('some attempts', async () => ((await dispatch.elements()).sinks[0]?.failing ?? 0) > 3);
  expect(await dispatch.elements()).toMatchObject({ queued: 50, sinks: [{ sent: 0 }] });
  // Told once, not with each attempt.
  expect(dispatch.logs).toEqual([expect.stringMatching(/ECONNREFUSED.*; it is tried again$/)]);
  await using second = await openReceiver([], Number(port));
  await waitFor('all alerts', () => second.taken.length === 50);
  expect(ids(second.taken)).toEqual(numbered(1, 50));
});

test('a stop gives the attempt that is under way its end, so that it is not made twice', async () => {
  using folder = createTemporaryFolder();
  const slow = Promise.withResolvers<void>();
  await using receiver = await openReceiver([(response) => void slow.promise.then(() => response.end())]);
  const dispatch = await startDispatch(folder.path, { httpurl: receiver.url });
  await dispatch.give(1);
  await waitFor('the request', () => receiver.requests.length === 1);
  const stopped = dispatch.stop();
  slow.resolve();
  await stopped;
  await using again = await startDispatch(folder.path, { httpurl: receiver.url });
  await again.give(2);
  await waitFor('the next', () => receiver.taken.length === 1);
  expect(ids(receiver.requests)).toEqual(['here-1', 'here-2']);
});

test('an attempt that never ends is cut off at a stop, and made again with the same key', async () => {
  using folder = createTemporaryFolder();
  await using receiver = await openReceiver(['hang']);
  const dispatch = await startDispatch(folder.path, { httpurl: receiver.url });
  await dispatch.give(1);
  await waitFor('the request', () => receiver.requests.length === 1);
  await dispatch.stop();
  await using again = await startDispatch(folder.path, { httpurl: receiver.url });
  await waitFor('the second', () => receiver.taken.length === 1);
  expect(again.logs).toEqual([]);
  expect(receiver.requests.map(({ headers }) => headers['idempotency-key'])).toEqual(['here-1', 'here-1']);
});

test('an answer without an end is no reason to wait: the status decides', async () => {
  using folder = createTemporaryFolder();
  await using receiver = await openReceiver([
    (response) => {
      response.write('x'.repeat(100_000));
    },
  ]);
  await using dispatch = await startDispatch(folder.path, { httpurl: receiver.url });
  await dispatch.give(1);
  await dispatch.give(2);
  await waitFor('both', async () => (await dispatch.elements()).sinks[0]?.sent === 2);
  expect(ids(receiver.requests)).toEqual(['here-1', 'here-2']);
});

test('a connection that the receiver closed while idle is no failure', async () => {
  using folder = createTemporaryFolder();
  let connection: { resetAndDestroy: () => void } | undefined;
  await using receiver = await openReceiver([
    (response) => {
      connection = response.socket ?? undefined;
      response.end();
    },
  ]);
  await using dispatch = await startDispatch(folder.path, { httpurl: receiver.url });
  await dispatch.give(1);
  await waitFor('the first', async () => (await dispatch.elements()).sinks[0]?.sent === 1);
  connection?.resetAndDestroy();
  await dispatch.give(2);
  await waitFor('the second', async () => (await dispatch.elements()).sinks[0]?.sent === 2);
  expect(dispatch.logs).toEqual([]);
});

test('a token is read anew for each request, and a missing one is a failure that may pass', async () => {
  using folder = createTemporaryFolder();
  const tokenfile = join(folder.path, 'token');
  await using receiver = await openReceiver();
  await using dispatch = await startDispatch(folder.path, { httpurl: receiver.url, tokenfile, retrymax: '100ms' });
  await dispatch.give(1);
  await waitFor('a failure', async () => (await dispatch.elements()).sinks[0]?.lastError);
  expect((await dispatch.elements()).sinks[0]?.lastError?.text).toMatch(/^ENOENT.*token/);
  writeFileSync(tokenfile, 'one\n');
  await waitFor('the first', () => receiver.taken.length === 1);
  writeFileSync(tokenfile, 'two\n');
  await dispatch.give(2);
  await waitFor('the second', () => receiver.taken.length === 2);
  expect(receiver.taken.map(({ headers }) => headers.authorization)).toEqual(['Bearer one', 'Bearer two']);
  chmodSync(tokenfile, 0o644);
  await using warned = await startDispatch(createTemporaryFolder().path, { httpurl: receiver.url, tokenfile });
  expect(warned.logs).toEqual([`warning: ${tokenfile} may be read by others than its owner`]);
});

test('a full queue drops the oldest, and an alert tells of it once in 5 minutes', async () => {
  using folder = createTemporaryFolder();
  await using receiver = await openReceiver(['hang']);
  await using dispatch = await startDispatch(folder.path, { httpurl: receiver.url, channelsize: 5 });
  await dispatch.give(1);
  await waitFor('the request', () => receiver.requests.length === 1);
  for (let n = 2; n <= 20; n++) await dispatch.give(n);
  expect(await dispatch.elements()).toMatchObject({ queued: 5, dropped: 15 });
  expect(dispatch.alerts).toEqual([
    { severity: 'high', alert: 'the queue is full: 1 alerts that waited to be sent on were dropped, the oldest first' },
  ]);
});

test('without a sink alerts go to the log, as in MIG', async () => {
  using folder = createTemporaryFolder();
  await using dispatch = await startDispatch(folder.path, {});
  await dispatch.give(1, '100%s');
  await waitFor('the line', () => dispatch.logs.length === 2);
  expect(dispatch.logs).toEqual([
    'neither httpurl nor syslog is set: alerts go to the log of the agent',
    'alert of fswatch: 100%s',
  ]);
});

test.each([
  [200, undefined, { kind: 'delivered' }],
  [204, undefined, { kind: 'delivered' }],
  [301, undefined, { kind: 'retry', reason: 'status 301: x (redirects are not followed)' }],
  [400, undefined, { kind: 'refused', reason: 'status 400: x' }],
  [413, undefined, { kind: 'refused', reason: 'status 413: x' }],
  [408, undefined, { kind: 'retry', reason: 'status 408: x', afterMs: undefined }],
  [429, '7', { kind: 'retry', reason: 'status 429: x', afterMs: 7000 }],
  [503, 'Thu, 01 Jan 1970 00:01:40 GMT', { kind: 'retry', reason: 'status 503: x', afterMs: 60_000 }],
  [503, 'soon', { kind: 'retry', reason: 'status 503: x', afterMs: undefined }],
])('status %j with Retry-After %j', (status, retryAfter, expected) => {
  expect(judge({ status, retryAfter, text: 'x' }, 40_000)).toEqual(expected);
});
