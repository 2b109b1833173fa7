/** Files of this host: action files and exports. */
import { open, rename, stat, unlink } from 'node:fs/promises';
import { ConsoleError, messageOf } from '../../base/app-error.ts';
import { parseAction, zeroTime, type Action } from '../../protocol/action.ts';

const maxActionBytes = 64 * 1024 * 1024;

/** An action file. Throws ConsoleError FILE_UNREADABLE or ProtocolError ACTION_INVALID. */
export async function readActionFile(path: string): Promise<ReturnType<typeof parseAction>> {
  const unreadable = (reason: string, cause?: unknown): ConsoleError =>
    new ConsoleError('FILE_UNREADABLE', `expected an action file, got ${path}: ${reason}`, { cause });
  let file;
  try {
    file = await open(path, 'r');
  } catch (cause) {
    throw unreadable(reasonOf(cause), cause);
  }
  try {
    const facts = await file.stat();
    if (!facts.isFile()) throw unreadable('it is no regular file');
    if (facts.size > maxActionBytes) throw unreadable(`it has ${facts.size} bytes, more than ${maxActionBytes}`);
    return parseAction(await file.readFile('utf8'));
  } finally {
    await file.close();
  }
}

/** An action file as the draft that it gives: its times are kept while they last, its target as text. */
export function toDraft(action: Action, nowMs: number): Action {
  const { id: _id, ...rest } = action;
  const isOver = Date.parse(rest.expireafter) <= nowMs;
  return isOver ? { ...rest, validfrom: zeroTime, expireafter: zeroTime } : rest;
}

/** Writes a text file whole or not at all. Throws ConsoleError EXPORT_EXISTS or FILE_UNWRITABLE. */
export async function writeTextFile(path: string, text: string, force: boolean): Promise<void> {
  const { partPath } = await openNewFile(path, force);
  try {
    const file = await open(partPath, 'w', 0o600);
    try {
      await file.writeFile(text);
    } finally {
      await file.close();
    }
    await rename(partPath, path);
  } catch (cause) {
    await unlink(partPath).catch(() => undefined);
    throw new ConsoleError('FILE_UNWRITABLE', `expected to write ${path}: ${reasonOf(cause)}`, { cause });
  }
}

/** Claims a place beside the file, readable by its owner alone. Throws ConsoleError EXPORT_EXISTS or FILE_UNWRITABLE. */
export async function openNewFile(path: string, force: boolean): Promise<{ readonly partPath: string }> {
  const there = await stat(path).catch(() => undefined);
  if (there?.isDirectory()) throw new ConsoleError('FILE_UNWRITABLE', `expected a file, got the folder ${path}`);
  if (there && !force) throw new ConsoleError('EXPORT_EXISTS', `${path} exists already`);
  const partPath = `${path}.${process.pid}.part`;
  try {
    await (await open(partPath, 'wx', 0o600)).close();
  } catch (cause) {
    throw new ConsoleError('FILE_UNWRITABLE', `expected to write ${path}: ${reasonOf(cause)}`, { cause });
  }
  return { partPath };
}

/** What the system said, without the path and the call that it repeats. */
export function reasonOf(cause: unknown): string {
  return messageOf(cause).replace(/, \w+ '.*'$/s, '');
}
