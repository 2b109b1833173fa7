import type { MountLine } from '../proc/parse-mountinfo.ts';

/** File systems of the kernel itself, and those that other mounts hang on: nothing on them is a file that somebody keeps. */
const kernelTypes: ReadonlySet<string> = new Set(
  'autofs binfmt_misc bpf cgroup cgroup2 configfs debugfs devpts efivarfs fusectl hugetlbfs mqueue nsfs proc pstore rpc_pipefs securityfs selinuxfs sysfs tracefs'.split(
    ' ',
  ),
);

export interface SelectedMount extends MountLine {
  /** It holds a chosen folder, or will when that is made; otherwise it is mounted below one. */
  readonly isAsked: boolean;
}

/** The mounts whose file systems hold what lies below the folders (paths without links, without a slash at the end but for "/"): each once, in the order of the table. */
export function selectMounts(mounts: readonly MountLine[], folders: readonly string[]): readonly SelectedMount[] {
  // Of mounts on one point the last hides the others.
  const visible = [...new Map(mounts.map((mount) => [mount.mountPoint, mount])).values()];
  const asked = new Set(folders.map((folder) => findMount(visible, folder)));
  return visible.flatMap((mount) => {
    const isAsked = asked.has(mount);
    const isBelow = folders.some((folder) => isWithin(mount.mountPoint, folder));
    return isAsked || (isBelow && !kernelTypes.has(mount.type)) ? [{ ...mount, isAsked }] : [];
  });
}

function findMount(mounts: readonly MountLine[], path: string): MountLine | undefined {
  let found: MountLine | undefined;
  for (const mount of mounts) {
    const isLonger = !found || mount.mountPoint.length > found.mountPoint.length;
    if (isLonger && isWithin(path, mount.mountPoint)) found = mount;
  }
  return found;
}

/** True for the folder itself and all below it. */
export function isWithin(path: string, folder: string): boolean {
  if (folder === '/') return path.startsWith('/');
  return path.startsWith(folder) && (path.length === folder.length || path[folder.length] === '/');
}
