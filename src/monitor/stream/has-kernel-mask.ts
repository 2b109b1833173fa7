import { release } from 'node:os';

/**
 * True where the kernel takes a mask of kinds with a subscription: Linux 6.6. An older one does nothing with such a request, and says nothing, so it is told by its version.
 */
export function hasKernelMask(version = release()): boolean {
  const [major = 0, minor = 0] = version.split('.').map((part) => Number.parseInt(part, 10));
  return major > 6 || (major === 6 && minor >= 6);
}
