import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

/** Messages that the kernel threw away for the one connector socket of another process: Drops of /proc/net/netlink. Throws where it has none, or more. */
export function readConnectorDrops(pid: number): number {
  const inodes = new Set(
    readdirSync(`/proc/${pid}/fd`).flatMap((file) => {
      try {
        return [/^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/${pid}/fd/${file}`))?.[1]];
      } catch {
        // Closed since it was listed.
        return [];
      }
    }),
  );
  const own = readFileSync(`/proc/${pid}/net/netlink`, 'latin1')
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter((fields) => fields[1] === '11' && inodes.has(fields[9]));
  if (own.length !== 1) throw new Error(`expected one connector socket of process ${pid}, found ${own.length}`);
  return Number(own[0]?.[8]);
}
