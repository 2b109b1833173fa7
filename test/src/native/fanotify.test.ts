import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readlinkSync, fstatSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parseFanotifyEvents, splitKey } from '../../../src/linux/fanotify/parse-events.ts';
import { explainRefusal } from '../../../src/lineage/sources/fanotify/explain-refusal.ts';
import { openFanotify } from '../../../src/native/fanotify.ts';
import { withoutRoot } from '../../helpers/without-root.ts';
import { cannotWatchFiles, mountOwnFolder } from '../lineage/sources/watch-files.ts';

describe.skipIf(cannotWatchFiles)('a group of fanotify', () => {
  const open = () => {
    const { folder, remove } = mountOwnFolder();
    const opened = openFanotify();
    if (!opened) throw new Error('no fanotify here');
    return {
      folder,
      ...opened,
      [Symbol.dispose]: () => {
        opened.group.close();
        remove();
      },
    };
  };

  test('hears of a whole file system: who did it, what, and in which directory', () => {
    using opened = open();
    const { folder, group, calls } = opened;
    expect(group.mark(folder)).toBe(0);
    expect(group.wait(0)).toEqual({ hasEvents: false, hasMountNews: false });
    const { pid } = spawnSync('sh', ['-c', 'mkdir d; echo x > d/f'], { cwd: folder });
    expect(group.wait(10_000).hasEvents).toBe(true);
    const buffer = Buffer.alloc(4096);
    const { events, isBroken } = parseFanotifyEvents(buffer, group.read(buffer));
    expect(isBroken).toBe(false);
    expect(group.read(buffer)).toBe(0);
    expect(events.map(({ place }) => place?.name)).toEqual(['d', 'f']);
    expect(events[1]).toMatchObject({ pid, pidfd: undefined, mask: 0x10a });
    const key = events[1]?.place?.folder ?? '';
    expect(splitKey(key).fileSystem).toBe(calls.fileSystemId(folder));
    const mount = calls.openFolder(folder);
    const place = calls.openHandle(mount, splitKey(key).handle);
    expect(readlinkSync(`/proc/self/fd/${place}`)).toBe(`${folder}/d`);
    calls.closeAll([mount, place]);
    expect(() => fstatSync(place)).toThrow('EBADF');
  });

  test('gives a descriptor of a process that lives, and none of one that ended', async () => {
    using opened = open();
    const { folder, group, calls } = opened;
    group.mark(folder);
    const child = spawn('sh', ['-c', 'echo x > f; echo done; read line'], { cwd: folder });
    await once(child.stdout, 'data');
    const buffer = Buffer.alloc(4096);
    const [event] = parseFanotifyEvents(buffer, group.read(buffer)).events;
    const pidfd = event?.pidfd ?? -1;
    expect(event?.pid).toBe(child.pid);
    expect(calls.isThere(pidfd)).toBe(true);
    child.stdin.end();
    await once(child, 'exit');
    expect(calls.isThere(pidfd)).toBe(false);
    calls.closeAll([pidfd]);
  });

  test('says why a file system cannot be heard, and asks nothing of a path that is not there', () => {
    using opened = open();
    expect(opened.group.mark('/proc')).toBeLessThan(0);
    expect(opened.group.mark('/nonexistent')).toBe(-2);
    expect(opened.calls.fileSystemId('/nonexistent')).toBeUndefined();
    expect(opened.calls.openFolder('/nonexistent')).toBe(-2);
    expect(opened.calls.isThere(1_000_000)).toBe(false);
  });
});

test.skipIf(cannotWatchFiles)('without privilege what is missing is said', async () => {
  await withoutRoot(async () => {
    expect(() => explainRefusal(openFanotify)).toThrow(
      'changes of files cannot be heard: that takes CAP_SYS_ADMIN in the first user namespace of the host (EPERM)',
    );
  });
});
