/** Names and texts of processes. In the lineage they are one character a byte; what leaves it is UTF-8 where it is valid. */
import type { ProcessNode } from '../../src/lineage/process-node.ts';
import { unknownName } from './words.ts';
import { decodeLatin1Path, encodePath } from '../../src/search/walk/path-text.ts';

export function toText(latin1: string): string {
  return decodeLatin1Path(latin1);
}

export function toLatin1(text: string): string {
  const bytes = encodePath(text);
  return (typeof bytes === 'string' ? Buffer.from(bytes) : bytes).toString('latin1');
}

/** What follows the last slash. */
export function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/**
 * One name to show. The kernel cuts its own after 15 bytes: where the executable's begins so, it is shown whole. A process that named itself otherwise is shown by that.
 */
export function nameOf({ comm, executable }: Pick<ProcessNode, 'comm' | 'executable'>): string {
  const file = executable && baseName(executable.value.replace(/ \(deleted\)$/, ''));
  const isCut = comm !== undefined && comm.length >= 15 && file?.startsWith(comm) === true;
  const name = (isCut ? file : comm) ?? file ?? '';
  return name === '' ? unknownName : toText(name);
}
