import { statfsSync } from 'node:fs';

/** The types of /proc and /sys: PROC_SUPER_MAGIC and SYSFS_MAGIC of linux/magic.h. */
const kernelTypes: ReadonlySet<number> = new Set([0x9fa0, 0x6265_6572]);

/** True for a file that the kernel makes up when it is read. */
export function isOfKernel(place: string | Buffer): boolean {
  try {
    return kernelTypes.has(statfsSync(place).type);
  } catch {
    // Whoever opens it next tells what is wrong with it.
    return false;
  }
}
