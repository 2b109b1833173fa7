import { expect, test } from 'vitest';
import { createScanQueue, type ScanQueueOptions } from '../../../modules/yara/scan-queue.ts';
import { createProblems } from '../../../src/files/problems.ts';
import type { YaraMatch } from '../../../src/search/yara/yara-match.ts';

const file = (path: string, size = 1) => ({ path, size });
const match: YaraMatch = { rule: 'r', namespace: 'default', tags: [], meta: {}, strings: [], stringsLeftOut: 0 };

/** A queue whose scans are answered by the test, in turn. */
function createQueue(options: Partial<ScanQueueOptions> = {}) {
  const scans: { readonly path: string; readonly end: PromiseWithResolvers<readonly YaraMatch[]> }[] = [];
  const matched: string[] = [];
  const problems = createProblems(10);
  const queue = createScanQueue({
    scanner: {
      scanFile: (path) => {
        const end = Promise.withResolvers<readonly YaraMatch[]>();
        scans.push({ path, end });
        return end.promise;
      },
    },
    maxBytes: 100,
    isOnce: false,
    signal: new AbortController().signal,
    onMatch: ({ path }) => void matched.push(path),
    problems,
    examined: () => undefined,
    ...options,
  });
  return { queue, scans, matched, problems };
}

test('what fails is named with its reason, and the rest goes on', async () => {
  const { queue, scans, matched, problems } = createQueue();
  for (const path of ['/a', '/b', '/c']) queue.add(file(path), '-rw-r--r--');
  scans[0]?.end.reject(new Error('permission denied'));
  scans[1]?.end.resolve([match]);
  scans[2]?.end.resolve([]);
  await queue.drained();
  expect(matched).toEqual(['/b']);
  expect(problems.list()).toEqual(['/a: permission denied']);
  expect(queue.counts()).toEqual({ found: 3, scanned: 2, skipped: 0 });
});

test('the walk is held while 256 files wait', async () => {
  const { queue, scans } = createQueue();
  for (let number = 0; number < 256; number++) {
    expect(queue.hold()).toBeUndefined();
    queue.add(file(`/${number}`), '-rw-r--r--');
  }
  const held = queue.hold();
  expect(held).toBeInstanceOf(Promise);
  scans[0]?.end.resolve([]);
  await held;
  expect(queue.hold()).toBeUndefined();
});

test.each([
  ['-rw-r--r--', true],
  ['urwxr-xr-x', true],
  ['ugtrwxrwxrwx', true],
  ['prw-r--r--', false],
  ['Srwxr-xr-x', false],
  ['Dcrw-rw-rw-', false],
  ['drwxr-xr-x', false],
  ['', false],
])('a file of mode %s is scanned: %s', (mode, isScanned) => {
  const { queue, scans } = createQueue();
  queue.add(file('/a'), mode);
  expect(scans.length > 0).toBe(isScanned);
});

test('what is left out is counted, with one name', () => {
  const { queue } = createQueue({ maxBytes: 2 ** 20 });
  for (const path of ['/a', '/b']) queue.add(file(path, 2 ** 20 + 1), '-rw-r--r--');
  queue.add(file('/fifo'), 'prw-r--r--');
  expect(queue.notes()).toEqual([
    '2 files were not scanned, larger than 1 MiB (maxsize): the first is /a',
    '1 file was not scanned, not regular: /fifo',
  ]);
});

test('a file that comes several times is scanned once where that can be', () => {
  const { queue, scans } = createQueue({ isOnce: true });
  for (const path of ['/a', '/b', '/a']) queue.add(file(path), '-rw-r--r--');
  expect(scans.map(({ path }) => path)).toEqual(['/a', '/b']);
});
