import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { MonitorError } from '../../../../../src/base/app-error.ts';
import type { LineageEvent } from '../../../../../src/lineage/lineage-event.ts';
import { createFanotifySource } from '../../../../../src/lineage/sources/fanotify-source.ts';
import { explainRefusal } from '../../../../../src/lineage/sources/fanotify/explain-refusal.ts';
import { createFileChannel } from '../../../../../src/lineage/sources/fanotify/file-channel.ts';
import { resolveFolder } from '../../../../../src/lineage/sources/fanotify/resolve-folder.ts';
import type { FileThread, FileThreadOptions } from '../../../../../src/lineage/sources/fanotify/start-file-thread.ts';
import { createSystemError } from '../../../../../src/native/system-error.ts';
import { createTemporaryFolder } from '../../../../helpers/temporary-folder.ts';
import { waitFor } from '../../../../helpers/wait-for.ts';
import { times } from '../watch-files.ts';

describe('what is missing is said', () => {
  test.each([
    [1, 'that takes CAP_SYS_ADMIN in the first user namespace of the host (EPERM)'],
    [22, 'that takes Linux 5.17 or later (EINVAL)'],
    [38, 'this kernel was built without fanotify (ENOSYS)'],
    [24, 'this user has as many groups of fanotify as fs.fanotify.max_user_groups allows (EMFILE)'],
    [5, 'the kernel refuses (EIO)'],
  ])('where the kernel answers with errno %i', (errno, text) => {
    const open = (): never => {
      throw createSystemError('fanotify_init', errno);
    };
    expect(() => explainRefusal(open)).toThrow(
      expect.objectContaining({ code: 'MONITOR_UNAVAILABLE', message: `changes of files cannot be heard: ${text}` }),
    );
  });

  test('where there are no native calls', () => {
    expect(() => explainRefusal(() => undefined)).toThrow('that takes Linux and a Node.js with node:ffi');
  });

  test('where directories may not be opened by their handle: nothing could be named', () => {
    const closed: string[] = [];
    const group = {
      mark: () => 0,
      read: () => 0,
      wait: () => ({ hasEvents: false, hasMountNews: false }),
      close: () => void closed.push('group'),
    };
    const calls = {
      openHandle: () => -1,
      openFolder: () => 77,
      fileSystemId: () => undefined,
      isThere: () => false,
      isNumbered: () => false,
      closeAll: (files: readonly number[]) => void closed.push(files.join()),
    };
    expect(() => explainRefusal(() => ({ group, calls }))).toThrow('CAP_DAC_READ_SEARCH');
    expect(closed).toEqual(['77', 'group']);
  });
});

/** Threads that a test ends. */
function createThreads() {
  const started: { readonly options: FileThreadOptions; readonly end: (reason: string | undefined) => void }[] = [];
  let refusals = 0;
  const startThread = async (options: FileThreadOptions): Promise<FileThread> => {
    if (refusals > 0) {
      refusals--;
      throw new MonitorError('MONITOR_UNAVAILABLE', 'no more');
    }
    const ended = Promise.withResolvers<string | undefined>();
    const channel = createFileChannel();
    started.push({ options, end: ended.resolve });
    options.onMessage({ kind: 'heard', lacks: ['a thing'], fileSystems: 1 }, channel);
    return { channel: { ...channel, stop: () => ended.resolve(undefined) }, ended: ended.promise };
  };
  return {
    startThread,
    started,
    refuse: (count: number) => {
      refusals = count;
    },
  };
}

describe('a source whose thread', () => {
  const open = (threads: ReturnType<typeof createThreads>) => {
    const events: LineageEvent[] = [];
    const logged: string[] = [];
    const source = createFanotifySource({
      times,
      folders: ['/w'],
      onEvents: (more) => void events.push(...more),
      log: (text) => void logged.push(text),
      nextStream: () => 1,
      startThread: threads.startThread,
    });
    return { source, events, logged };
  };

  test('cannot start says so, and may be started again', async () => {
    const threads = createThreads();
    threads.refuse(1);
    const { source } = open(threads);
    await expect(source.start()).rejects.toThrow('no more');
    expect(source.status()).toMatchObject({ isWorking: false, lacks: 'no more' });
    await source.start();
    expect(source.status()).toMatchObject({ isWorking: true, lacks: 'a thing' });
    await source.stop();
  });

  test('ends by itself gets another one, as often as it takes, and tells the gap between', async () => {
    const threads = createThreads();
    const { source, events, logged } = open(threads);
    await source.start();
    threads.refuse(2);
    threads.started[0]?.end('it broke');
    await waitFor('the failure to be told', () => !source.status().isWorking);
    await waitFor('another thread', () => source.status().isWorking);
    expect(threads.started).toHaveLength(2);
    expect(events).toMatchObject([{ kind: 'gap', seq: 1, reason: 'fanotify had to be opened anew' }]);
    expect(source.status()).toMatchObject({ gaps: 1, lacks: 'a thing' });
    expect(logged).toEqual(['a thing', 'changes of files are not heard: it broke']);
    await source.stop();
    expect(source.status()).toMatchObject({ isWorking: false, lacks: 'stopped' });
  });

  test('cannot be started again does not keep a stop waiting', async () => {
    const threads = createThreads();
    const { source } = open(threads);
    await source.start();
    threads.refuse(1e9);
    threads.started[0]?.end('it broke');
    await waitFor('the failure to be told', () => !source.status().isWorking);
    await source.stop();
    expect(threads.started).toHaveLength(1);
  });
});

test('a chosen folder is taken without links, as far as it exists, one character a byte', () => {
  using folder = createTemporaryFolder();
  mkdirSync(join(folder.path, 'real'));
  symlinkSync('real', join(folder.path, 'link'));
  expect(resolveFolder(join(folder.path, 'link'))).toBe(join(folder.path, 'real'));
  expect(resolveFolder(join(folder.path, 'link/ä/b/'))).toBe(`${join(folder.path, 'real')}/\u00C3\u00A4/b`);
  expect(resolveFolder('/')).toBe('/');
});
