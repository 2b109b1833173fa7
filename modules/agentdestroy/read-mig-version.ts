import { closeSync, constants, fstatSync, openSync, readSync, type BigIntStats } from 'node:fs';
import { refuse } from './refusal.ts';

/** Paths of MIG's packages, one of which every build of its agent holds. */
const marks = ['mozilla/mig', 'mig.ninja/mig'].map((mark) => Buffer.from(mark));
const elfMark = Buffer.from('\x7fELF', 'latin1');
/** A short word stands in every large program: MIG's versions are a date and a commit, "20180807-0.c4d6a41.prod" or "b9536d2-201403031435". */
const versionPattern = /^(?=.*\d)(?=.*-)[\w.+-]{12,100}$/;
const pieceBytes = 1 << 20;
const maxBytes = 512 * 1024 * 1024;

/**
 * Whether an executable is an agent of MIG that holds this version as a text of its own. The linker of Go puts the version as a text that ends with a
 * zero byte, so that a version that goes on behind it is another one. Throws DESTROY_REFUSED, or the system's error.
 */
export function readMigVersion(
  path: string,
  version: string,
): { readonly holdsVersion: boolean; readonly stats: BigIntStats } {
  if (!versionPattern.test(version))
    throw refuse(
      `expected a version of MIG like 20180807-0.c4d6a41.prod, got ${version}: a shorter one proves nothing`,
    );
  const fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const stats = fstatSync(fd, { bigint: true });
    if (!stats.isFile() || stats.size > maxBytes) throw refuse('its executable is no regular file of usual size');
    return { holdsVersion: search(fd, Buffer.from(version)), stats };
  } finally {
    closeSync(fd);
  }
}

function search(fd: number, version: Buffer): boolean {
  const overlap = 256;
  const buffer = Buffer.alloc(overlap + pieceBytes);
  let kept = 0;
  let isFirst = true;
  let [isMig, holdsVersion] = [false, false];
  for (;;) {
    const count = readSync(fd, buffer, kept, pieceBytes, null);
    const piece = buffer.subarray(0, kept + count);
    if (isFirst && !piece.subarray(0, elfMark.length).equals(elfMark)) return false;
    isFirst = false;
    isMig ||= marks.some((mark) => piece.includes(mark));
    holdsVersion ||= holdsText(piece, version, count === 0);
    if (count === 0 || (isMig && holdsVersion)) return isMig && holdsVersion;
    kept = Math.min(overlap, piece.length);
    piece.copy(buffer, 0, piece.length - kept);
  }
}

/** True where the text stands with no character of a version before or behind it. Where the bytes go on, the last one is only a neighbour. */
function holdsText(bytes: Buffer, text: Buffer, isEnd: boolean): boolean {
  for (let at = bytes.indexOf(text); at >= 0; at = bytes.indexOf(text, at + 1)) {
    const end = at + text.length;
    if (end === bytes.length && !isEnd) return false;
    if (!isVersionByte(bytes[at - 1]) && !isVersionByte(bytes[end])) return true;
  }
  return false;
}

function isVersionByte(byte: number | undefined): boolean {
  return byte !== undefined && /[\w.+-]/.test(String.fromCharCode(byte));
}
