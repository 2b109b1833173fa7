/** The monitor where a privilege, a namespace or a mount keeps it from what it needs: as processes of their own, with the kernel's word. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { lacksProcessEvents } from '../../helpers/process-events.ts';

vi.setConfig({ testTimeout: 30_000 });

const main = join(import.meta.dirname, '../../helpers/monitor-main.ts');
const node = [process.execPath, '--disable-warning=ExperimentalWarning', main] as const;
const nobody = ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups'] as const;

/** What monitor-main.ts prints. */
interface Result {
  readonly isHeard: boolean;
  readonly hasFirst?: boolean;
  readonly code?: string;
  readonly message?: string;
  readonly hint?: string;
  readonly reason?: string;
  readonly tookMs: number;
  readonly deleted?: readonly number[];
  readonly deletedError?: string;
}

function tryWith(...command: readonly string[]): Result {
  const [program = '', ...args] = command;
  const { stdout, stderr } = spawnSync(program, args, { encoding: 'utf8', timeout: 15_000 });
  try {
    return JSON.parse(stdout) as Result;
  } catch {
    throw new Error(`expected a line of JSON, got ${stdout}${stderr}`);
  }
}

/** With a /proc of its own, that no other mount namespace sees. */
const withProc = (mount: string, ...command: readonly string[]): Result =>
  tryWith('unshare', '--mount', '--propagation=private', 'sh', '-c', `${mount} && exec "$@"`, 'sh', ...command);

describe.skipIf(lacksProcessEvents())('the monitor', () => {
  test.each([
    ['as an ordinary user, since Linux 6.6', nobody],
    ['in another network namespace, by the one of the host', ['unshare', '--net']],
  ] as const)('hears the whole host %s', (_, front) => {
    expect(tryWith(...front, ...node)).toMatchObject({ isHeard: true, hasFirst: true, deleted: [] });
  });

  test.each([
    ['another user namespace', ['unshare', '--user', '--map-root-user'], 'another user namespace'],
    ['another pid namespace, whose /proc is that of the host', ['unshare', '--pid', '--fork'], 'another pid namespace'],
    [
      'another network namespace, without the right to leave it',
      ['unshare', '--net', ...nobody],
      'nobody answers in this network namespace',
    ],
  ] as const)('in %s says so within 2 s, what helps, and keeps the reason', (_, front, reason) => {
    const result = tryWith(...front, ...node);
    expect(result).toMatchObject({
      isHeard: false,
      code: 'MONITOR_UNAVAILABLE',
      message: expect.stringContaining(reason),
      hint: expect.stringContaining('Run the agent on the host itself'),
      reason: expect.stringContaining(reason),
    });
    expect(result.tookMs).toBeLessThan(2000);
  });

  test.each([1, 2, 4])(
    'does not take the processes that hidepid=%i hides for ended ones: it is an error',
    (hidepid) => {
      expect(withProc(`mount -t proc -o hidepid=${hidepid} proc /proc`, ...nobody, ...node)).toMatchObject({
        isHeard: false,
        code: 'PROC_UNREADABLE',
        message: '/proc does not show process 1: it hides processes (hidepid)',
        hint: expect.stringContaining('Run as root'),
        deletedError: 'PROC_UNREADABLE',
      });
    },
  );

  test('without /proc says that it cannot see what runs', () => {
    expect(withProc('mount -t tmpfs none /proc', ...node)).toMatchObject({
      isHeard: false,
      code: 'PROC_UNREADABLE',
      deletedError: 'PROC_UNREADABLE',
    });
  });
});
