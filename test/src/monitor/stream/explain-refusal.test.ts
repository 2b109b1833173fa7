import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { MonitorError } from '../../../../src/base/app-error.ts';
import { explainRefusal } from '../../../../src/monitor/stream/explain-refusal.ts';
import { createSystemError } from '../../../../src/native/system-error.ts';
import { createTemporaryFolder } from '../../../helpers/temporary-folder.ts';

const initial = { pid: 'pid:[4026531836]', user: 'user:[4026531837]' };

/** The reason that is given to a process in these namespaces. */
function explain(error: unknown, namespaces: { readonly pid: string; readonly user: string } = initial): string {
  using folder = createTemporaryFolder();
  mkdirSync(join(folder.path, 'self/ns'), { recursive: true });
  symlinkSync(namespaces.pid, join(folder.path, 'self/ns/pid'));
  symlinkSync(namespaces.user, join(folder.path, 'self/ns/user'));
  const refusal = explainRefusal(error, folder.path);
  expect(refusal).toMatchObject({ name: 'MonitorError', code: 'MONITOR_UNAVAILABLE', cause: error });
  return refusal.message;
}

describe('explainRefusal', () => {
  const silence = new MonitorError('MONITOR_UNAVAILABLE', 'the kernel does not answer');

  test('names the pid namespace of a container', () => {
    expect(explain(silence, { ...initial, pid: 'pid:[4026532001]' })).toBe(
      'process events cannot be heard: the kernel tells them only in its initial pid and user namespaces, and this process is in another pid namespace (pid:[4026532001]), as in a container: start it on the host, or in a container that shares it (--pid=host)',
    );
  });

  test('names the user namespace of a rootless container', () => {
    expect(explain(silence, { ...initial, user: 'user:[4026532002]' })).toContain(
      'this process is in another user namespace (user:[4026532002]), as in a container: start it on the host, or in a container that shares it (--userns=host)',
    );
  });

  test('says that the network namespace is foreign where nobody answers', () => {
    expect(explain(createSystemError('connector send', 111))).toMatch(
      /nobody answers in this network namespace: .+: start it there \(--network=host\), or as root with CAP_SYS_ADMIN/,
    );
  });

  test('says that a privilege is lacking', () => {
    expect(explain(createSystemError('connector bind', 1))).toMatch(
      /no privilege \(connector bind: EPERM.+ start it as root/,
    );
  });

  test('says that the kernel has no connector', () => {
    expect(explain(createSystemError('connector socket', 93))).toContain('the kernel has no connector');
  });

  test('says that the kernel does not answer where nothing else is lacking', () => {
    expect(explain(silence)).toContain('the kernel does not answer: it was built without them');
  });

  test('passes on what else failed', () => {
    expect(explain(createSystemError('connector socket', 24))).toContain('connector socket: EMFILE');
  });

  test('does without /proc', () => {
    expect(explainRefusal(silence, '/nonexistent').message).toContain('the kernel does not answer');
  });
});
