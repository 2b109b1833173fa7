/** Files of this host: action files and exports. */
import { isUtf8 } from 'node:buffer';
import { open, readFile, rename, stat, unlink } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
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

/** The largest text that a flag such as -rules takes from a file. */
const maxTextBytes = 8 * 1024 * 1024;

/** A text of this host that becomes a value of parameters. Throws ConsoleError FILE_UNREADABLE, also for what is not UTF-8. */
export async function readTextFile(path: string): Promise<string> {
  const unreadable = (reason: string, cause?: unknown): ConsoleError =>
    new ConsoleError('FILE_UNREADABLE', `expected a text file, got ${path}: ${reason}`, { cause });
  const place = path.startsWith('~/') ? join(homedir(), path.slice(2)) : path;
  let bytes;
  try {
    const facts = await stat(place);
    if (!facts.isFile()) throw unreadable('it is no regular file');
    if (facts.size > maxTextBytes) throw unreadable(`it has ${facts.size} bytes, more than ${maxTextBytes}`);
    bytes = await readFile(place);
  } catch (cause) {
    throw cause instanceof ConsoleError ? cause : unreadable(reasonOf(cause), cause);
  }
  if (!isUtf8(bytes)) throw unreadable('it is not UTF-8');
  return bytes.toString().replace(/^\uFEFF/, '');
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
