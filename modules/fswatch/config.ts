import { posix } from 'node:path';
import { z } from 'zod';

const longestPath = 4096;

/** The section `persistent.fswatch` of the agent's configuration. */
export const config = z.strictObject({
  paths: z
    .array(z.string().superRefine(refine(checkEntry)))
    .max(1000)
    .default([]),
  exclude: z
    .array(z.string().superRefine(refine(checkPath)))
    .max(1000)
    .default([]),
  maxFileBytes: whole(0, 2 ** 40).default(2 ** 30),
  maxObjects: whole(1, 10_000_000).default(200_000),
  settleMs: whole(10, 60_000).default(1000),
  pollSeconds: whole(1, 3600).default(5),
  compareMinutes: whole(1, 7 * 24 * 60).default(15),
  rehashHours: whole(0, 24 * 365).default(24),
  hashMegabytesPerSecond: whole(1, 100_000).default(50),
  alertsPerMinute: whole(1, 100_000).default(300),
  keepChanges: whole(100, 10_000_000).default(100_000),
});

export type Config = z.output<typeof config>;

/** MIG's profile for Linux, where no paths are configured. */
export const defaultPaths: readonly string[] = [
  '/boot',
  '/etc/cron.d',
  '/var/spool/cron',
  '/bin',
  '/sbin',
  '/usr/bin',
  '/usr/sbin',
  '/etc/init.d',
  'recursive:/etc',
  'recursive:/etc/systemd',
];

export const configExample = `# paths: P for a file, or a folder without what is in its folders; recursive:P for a whole tree. None = MIG's profile:
# /boot, /etc/cron.d, /var/spool/cron, /bin, /sbin, /usr/bin, /usr/sbin, /etc/init.d and recursive:/etc
# paths: [/boot, /usr/bin, "recursive:/etc"]
# exclude: what is not watched: these objects and all below them; * stands for any characters, ? for one
# exclude: [/etc/mtab, "/etc/*.lock"]
# maxFileBytes: 1073741824       # larger files are watched without a checksum
# maxObjects: 200000             # what is beyond is not watched, which is said
# settleMs: 1000                 # how long an object must rest before it is told what became of it
# pollSeconds: 5                 # how often paths that are missing, and folders that the kernel cannot watch, are looked at
# compareMinutes: 15             # how often everything is compared with the baseline
# rehashHours: 24                # how often all checksums are taken again, changed or not; 0 = never
# hashMegabytesPerSecond: 50     # when nothing happened and checksums are only collected
# alertsPerMinute: 300           # of each severity; more are counted in one alert, and kept to be asked for
# keepChanges: 100000            # how many changes can be asked for later`;

/** A configured path. */
export interface Entry {
  /** As it was configured, cleaned, without `recursive:`. */
  readonly path: string;
  readonly isRecursive: boolean;
}

const recursive = 'recursive:';

/** The entries of the configuration, or MIG's profile. A path that stands twice is one entry, recursive where one of them is. */
export function readEntries({ paths }: Pick<Config, 'paths'>): readonly Entry[] {
  const entries = new Map<string, Entry>();
  for (const text of paths.length > 0 ? paths : defaultPaths) {
    const isRecursive = text.startsWith(recursive);
    const path = cleanPath(isRecursive ? text.slice(recursive.length) : text);
    entries.set(path, { path, isRecursive: isRecursive || (entries.get(path)?.isRecursive ?? false) });
  }
  return [...entries.values()];
}

/** Without doubled slashes, dots and a slash at the end. */
export function cleanPath(path: string): string {
  const clean = posix.normalize(path);
  return clean.length > 1 && clean.endsWith('/') ? clean.slice(0, -1) : clean;
}

function checkEntry(text: string): string | undefined {
  return checkPath(text.startsWith(recursive) ? text.slice(recursive.length) : text);
}

function checkPath(path: string): string | undefined {
  if (path.startsWith('/') && path.length <= longestPath && !path.includes('\0')) return undefined;
  return `expected an absolute path, got ${JSON.stringify(path.slice(0, 100))}`;
}

function refine(check: (text: string) => string | undefined) {
  return (text: string, context: z.RefinementCtx): void => {
    const message = check(text);
    if (message !== undefined) context.addIssue({ code: 'custom', message });
  };
}

function whole(least: number, most: number) {
  return z.number().int().min(least).max(most);
}
