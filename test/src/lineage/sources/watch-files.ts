/** Real changes of real files, heard from the kernel: the folder, the source, what it told, and shells that live for a moment. */
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { FileEvent, GapEvent, LineageEvent } from '../../../../src/lineage/lineage-event.ts';
import { createFanotifySource, type FanotifySourceOptions } from '../../../../src/lineage/sources/fanotify-source.ts';
import { createHostTimes } from '../../../../src/lineage/sources/host-times.ts';
import { openHostClocks } from '../../../../src/native/clock-calls.ts';
import { waitLong } from '../../../helpers/wait-for.ts';

/** Why such tests are skipped; undefined where they run. */
export const cannotWatchFiles = process.platform !== 'linux' || process.getuid?.() !== 0;
if (cannotWatchFiles) process.stderr.write('tests of fanotify are skipped: they need root on Linux\n');

/**
 * A folder with a file system of its own: what else goes on at this host fills no queue of it.
 */
export function mountOwnFolder(): { readonly folder: string; readonly remove: () => void } {
  const folder = mkdtempSync('/var/tmp/gumshoe-test-');
  execFileSync('mount', ['-t', 'tmpfs', 'gumshoe-test', folder]);
  return {
    folder,
    remove: () => {
      execFileSync('umount', ['-l', folder]);
      rmdirSync(folder);
    },
  };
}

function makeFolder(): { readonly folder: string; readonly remove: () => void } {
  // Not below /tmp where that is a file system of another kind: the tests are about the root's.
  const folder = mkdtempSync('/var/tmp/gumshoe-test-');
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

export const times = createHostTimes(openHostClocks());

export async function watchFiles(options: Partial<FanotifySourceOptions> = {}, make = makeFolder) {
  const { folder, remove } = make();
  const events: LineageEvent[] = [];
  const logged: string[] = [];
  const source = createFanotifySource({
    times,
    folders: [folder],
    onEvents: (more) => void events.push(...more),
    log: (text) => void logged.push(text),
    nextStream: () => 5,
    // Most of the time of these tests is waiting; those of many changes take the product's.
    limits: { idleMs: 10 },
    ...options,
  });
  await source.start();
  const changes = (): readonly FileEvent[] => events.filter((event) => event.kind === 'file');
  const sh = (script: string, cwd = folder): { readonly pid: number } => {
    const { pid, status, stderr } = spawnSync('sh', ['-c', script], { cwd });
    if (status !== 0) throw new Error(`sh ended with ${status}: ${stderr.toString()}`);
    return { pid };
  };
  const relative = (path: string | undefined): string | undefined => path?.replace(`${folder}/`, '');
  return {
    folder,
    source,
    events,
    logged,
    changes,
    gaps: (): readonly GapEvent[] => events.filter((event) => event.kind === 'gap'),
    sh,
    /** "created a", "renamed b < a", "deleted a > /elsewhere/a". */
    lines: () =>
      changes().map(({ change, path, from, to }) =>
        [change, relative(path), ...(from ? ['<', relative(from)] : []), ...(to ? ['>', relative(to)] : [])].join(' '),
      ),
    heardOf: (name: string) =>
      waitLong(`a change of ${name}`, () => changes().find(({ path }) => path === join(folder, name))),
    /** All that happened until now has been told. */
    settle: async () => {
      const nowNs = times.bootNs();
      await waitLong('all to be told', () => source.status().watermarkNs >= nowNs);
    },
    [Symbol.asyncDispose]: async () => {
      await source.stop();
      remove();
    },
  };
}

/** Many processes at once; resolves with their pids when all have ended. */
export function runMany(count: number, script: (index: number) => string, cwd: string): Promise<readonly number[]> {
  return Promise.all(
    Array.from({ length: count }, (_, index) => {
      const ended = Promise.withResolvers<number>();
      const child = spawn('sh', ['-c', script(index)], { cwd, stdio: 'ignore' });
      child.on('exit', () => ended.resolve(child.pid ?? 0)).on('error', ended.reject);
      return ended.promise;
    }),
  );
}
