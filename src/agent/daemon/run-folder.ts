import { chmodSync, lstatSync, mkdirSync, type Stats } from 'node:fs';
import { join } from 'node:path';
import { AgentError, messageOf } from '../../base/app-error.ts';

export function socketPathOf(runFolder: string): string {
  return join(runFolder, 'agent.sock');
}

export function lockPathOf(runFolder: string): string {
  return join(runFolder, 'agent.lock');
}

/** Another name than the run folder's: one folder may be both. */
export function stateLockPathOf(stateFolder: string): string {
  return join(stateFolder, 'state.lock');
}

/**
 * Makes the folder, or checks the one that is there: of this account, a folder and no link to one, writable for nobody else. Its mode becomes `mode`.
 * Throws AgentError RUN_FOLDER.
 */
export function openOwnFolder(path: string, mode: 0o700 | 0o711 = 0o700): void {
  const refuse = (what: string, cause?: unknown): never => {
    throw new AgentError('RUN_FOLDER', `${path}: ${what}`, { cause });
  };
  let found: Stats;
  try {
    mkdirSync(path, { recursive: true, mode });
    found = lstatSync(path);
  } catch (cause) {
    return refuse(messageOf(cause), cause);
  }
  const uid = process.geteuid?.() ?? found.uid;
  if (found.isSymbolicLink())
    refuse('expected a folder, got a symbolic link: whoever made it could lead the agent elsewhere');
  if (!found.isDirectory()) refuse('expected a folder, got something else');
  if (found.uid !== uid)
    refuse(`expected a folder of uid ${uid}, which this agent runs as, got one of uid ${found.uid}`);
  if ((found.mode & 0o022) !== 0) {
    refuse(`expected a folder that nobody else may write to, got mode ${(found.mode & 0o7777).toString(8)}`);
  }
  try {
    if ((found.mode & 0o777) !== mode) chmodSync(path, mode);
  } catch (cause) {
    refuse(messageOf(cause), cause);
  }
}
