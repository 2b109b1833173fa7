import { readdirSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import type { Pace } from '../../base/pace.ts';
import type { LinkCalls } from '../../native/link-calls.ts';
import { createSystemError } from '../../native/system-error.ts';
import { isDenied } from '../errno.ts';

/**
 * Calls back with the inode of every socket that a process has open; `folder` is its /proc/PID/fd, proc(5). Ends early, without an error, when the pace is
 * stopped. Throws a system error when the folder cannot be listed, or its links are not shown.
 */
export type ReadSocketLinks = (folder: string, onInode: (inode: number) => void, pace: Pace) => Promise<void>;

/** Through the C library where it can be called, through node:fs otherwise. */
export function createReadSocketLinks(calls: LinkCalls | undefined): ReadSocketLinks {
  return calls ? (folder, onInode, pace) => readNative(calls, folder, onInode, pace) : readPortable;
}

const EPERM = 1;
const EACCES = 13;
/** struct linux_dirent64: d_reclen and d_name. */
const lengthAt = 16;
const nameAt = 19;
const dot = 46;

async function readNative(
  calls: LinkCalls,
  folder: string,
  onInode: (inode: number) => void,
  pace: Pace,
): Promise<void> {
  const fd = calls.open(folder);
  if (fd < 0) throw createSystemError(folder, -fd);
  try {
    for (;;) {
      if (pace.isDue()) await pace.rest();
      if (pace.signal.aborted) return;
      const size = calls.readEntries(fd);
      if (size < 0) throw createSystemError(folder, -size);
      if (size === 0) return;
      readBatch(calls, fd, size, onInode);
    }
  } finally {
    calls.close(fd);
  }
}

function readBatch(calls: LinkCalls, fd: number, size: number, onInode: (inode: number) => void): void {
  const { entries, target } = calls;
  for (let at = 0; at < size; at += (entries[at + lengthAt] ?? 0) | ((entries[at + lengthAt + 1] ?? 0) << 8)) {
    if (entries[at + nameAt] === dot) continue;
    const length = calls.readLink(fd, at + nameAt);
    // Anything else means that the descriptor was closed after the folder was listed.
    if (length === -EACCES || length === -EPERM) throw createSystemError('readlink', -length);
    const inode = parseSocketLink(target, length);
    if (inode !== undefined) onInode(inode);
  }
}

const prefix = Buffer.from('socket:[');
const closing = 93;

/** The inode in "socket:[4242]"; undefined for any other link. */
export function parseSocketLink(target: Uint8Array, length: number): number | undefined {
  if (length < prefix.length + 2 || length > prefix.length + 17 || target[length - 1] !== closing) return undefined;
  for (let at = 0; at < prefix.length; at++) if (target[at] !== prefix[at]) return undefined;
  let inode = 0;
  for (let at = prefix.length; at < length - 1; at++) {
    const digit = (target[at] ?? 0) - 48;
    if (digit < 0 || digit > 9) return undefined;
    inode = inode * 10 + digit;
  }
  return inode;
}

async function readPortable(folder: string, onInode: (inode: number) => void, pace: Pace): Promise<void> {
  for (const descriptor of readdirSync(folder)) {
    if (pace.isDue()) await pace.rest();
    if (pace.signal.aborted) return;
    const inode = readPortableLink(join(folder, descriptor));
    if (inode !== undefined) onInode(inode);
  }
}

function readPortableLink(link: string): number | undefined {
  try {
    const target = Buffer.from(readlinkSync(link));
    return parseSocketLink(target, target.length);
  } catch (error) {
    if (isDenied(error)) throw error;
    // The descriptor was closed after the folder was listed.
    return undefined;
  }
}
