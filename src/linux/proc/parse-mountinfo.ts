/** One line of /proc/PID/mountinfo, proc_pid_mountinfo(5). Paths are as the file has them (latin1 where it was read so), escapes undone. */
export interface MountLine {
  /** "8:1" */
  readonly device: string;
  /** The directory of the file system that is mounted. */
  readonly root: string;
  readonly mountPoint: string;
  readonly type: string;
}

/** Oldest first; lines that are no mounts are passed over. */
export function parseMountinfo(text: string): readonly MountLine[] {
  return text.split('\n').flatMap((line) => {
    const fields = line.split(' ');
    const [, , device, root, mountPoint] = fields;
    const dash = fields.indexOf('-', 6);
    const type = dash < 0 ? undefined : fields[dash + 1];
    if (!device || !root || !mountPoint || !type) return [];
    return [{ device, root: unescape(root), mountPoint: unescape(mountPoint), type }];
  });
}

/** Spaces, tabs, line ends and backslashes are octal. */
function unescape(text: string): string {
  return text.replace(/\\([0-7]{3})/g, (_, digits: string) => String.fromCodePoint(Number.parseInt(digits, 8)));
}
