import { posix } from 'node:path';
import { z } from 'zod';

const mebibyte = 2 ** 20;

/** The section `persistent.lineage` of the agent's configuration. */
export const config = z.strictObject({
  audit: z.boolean({ error: 'expected true or false' }).default(false),
  files: z
    .array(
      z
        .string()
        .max(4096)
        .regex(/^\/[^\0]*$/, { error: 'expected the absolute path of a folder' }),
    )
    .max(100)
    .default([]),
  root: z
    .string()
    .max(4096)
    .regex(/^[^\0]*$/, { error: 'expected the name or the executable of a process' })
    .default(''),
  maxDays: z.number({ error: 'expected a number of days such as 14' }).min(0.01).max(3650).default(14),
  maxMegabytes: z.int({ error: 'expected a whole number of megabytes such as 512' }).min(8).max(1_000_000).default(512),
});

export type Config = z.output<typeof config>;

export const configExample = `# Use the kernel's audit beside the process connector: complete arguments, working directories, login users and failed starts of
# processes of any length. It switches audit on, adds rules of its own, and takes both back at its end. Costs about a third of the speed of starting processes.
#audit: false
# Folders in which changes of files are tied to the process that made them. Costs a message of the kernel for each change on their file systems.
#files: [/etc, /usr/bin, /var/www]
# Keep only what descends from the process of this name or executable, such as a container runtime. Empty = all.
#root: containerd
# What is older, or more, is forgotten, oldest first.
#maxDays: 14
#maxMegabytes: 512
`;

/** What the lineage takes, of what was configured. */
export function readConfig({ audit, files, root, maxDays, maxMegabytes }: Config): {
  readonly audit: boolean;
  readonly files: readonly string[];
  readonly root: string | undefined;
  readonly maxAgeMs: number;
  readonly maxBytes: number;
} {
  return {
    audit,
    files: files.map((path) => posix.normalize(path)),
    root: root === '' ? undefined : root,
    maxAgeMs: maxDays * 86_400_000,
    maxBytes: maxMegabytes * mebibyte,
  };
}
