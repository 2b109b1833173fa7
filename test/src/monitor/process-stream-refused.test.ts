import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { bundleProgram } from '../../helpers/bundle.ts';
import { openProcessStream } from '../../../src/monitor/open-process-stream.ts';
import { lacksProcessEvents } from '../../helpers/process-events.ts';

const isDeaf = lacksProcessEvents();

const main = join(import.meta.dirname, '../../helpers/stream-main.ts');

/** What stream-main.ts prints. */
interface Result {
  readonly isHeard: boolean;
  readonly code?: string;
  readonly message?: string;
  readonly tookMs: number;
  readonly receiveBufferBytes?: number;
}

describe.skipIf(isDeaf)('where the kernel does not tell', () => {
  /** Tries it in a process of its own, started by a command. */
  function tryWith(...command: readonly [string, ...string[]]) {
    const [program, ...args] = [...command, '--disable-warning=ExperimentalWarning', main];
    const { stdout, stderr } = spawnSync(program, args, { encoding: 'utf8', timeout: 15_000 });
    try {
      return JSON.parse(stdout) as Result;
    } catch {
      throw new Error(`expected a line of JSON, got ${stdout}${stderr}`);
    }
  }

  test.each([
    [
      'another pid namespace',
      ['unshare', '--pid', '--fork', '--mount-proc', process.execPath],
      'another pid namespace',
    ],
    ['another user namespace', ['unshare', '--user', '--map-root-user', process.execPath], 'another user namespace'],
    ['a Node.js without node:ffi', [process.execPath, '--no-experimental-ffi'], 'this Node.js has no node:ffi'],
  ])('%s: says so within 2 s', (_, command, reason) => {
    const [program = '', ...args] = command;
    const result = tryWith(program, ...args);
    expect(result).toMatchObject({
      isHeard: false,
      code: 'MONITOR_UNAVAILABLE',
      message: expect.stringContaining(reason),
    });
    expect(result.tookMs).toBeLessThan(2000);
  });

  test('another network namespace: hears it in the one of the host', () => {
    expect(tryWith('unshare', '--net', process.execPath)).toMatchObject({ isHeard: true });
  });

  test('another network namespace without the right to enter that of the host: says so', () => {
    const result = tryWith('unshare', '--net', 'setpriv', '--reuid=65534', '--clear-groups', process.execPath);
    expect(result).toMatchObject({
      isHeard: false,
      code: 'MONITOR_UNAVAILABLE',
      message: expect.stringContaining('nobody answers in this network namespace'),
    });
    expect(result.tookMs).toBeLessThan(2000);
  });

  test('an ordinary user hears it since Linux 6.6, with the buffer that the host allows', () => {
    const result = tryWith('setpriv', '--reuid=65534', '--regid=65534', '--clear-groups', process.execPath);
    expect(result).toMatchObject({ isHeard: true });
    expect(result.receiveBufferBytes).toBeGreaterThanOrEqual(212_992);
  });

  test('another system: says so', async () => {
    const platform = Object.getOwnPropertyDescriptor(process, 'platform');
    Object.defineProperty(process, 'platform', { ...platform, value: 'darwin' });
    onTestFinished(() => void (platform && Object.defineProperty(process, 'platform', platform)));
    await expect(openProcessStream({ onItems: () => undefined }).start()).rejects.toMatchObject({
      code: 'MONITOR_UNAVAILABLE',
      message: 'process events need Linux, and this is darwin',
    });
  });
});

test.skipIf(isDeaf)(
  'a program in one bundle hears it as one of many files does: the thread finds its part',
  async () => {
    const { path, remove } = await bundleProgram(main);
    onTestFinished(remove);
    const { stdout } = spawnSync(process.execPath, ['--disable-warning=ExperimentalWarning', path], {
      encoding: 'utf8',
    });
    expect(JSON.parse(stdout)).toMatchObject({ isHeard: true, gaps: 0 });
  },
);
