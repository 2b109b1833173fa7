import { accessSync, constants, statSync } from 'node:fs';
import { messageOf } from '../../base/app-error.ts';
import type { AgentConfig } from '../config/agent-config.ts';

type Folders = Pick<AgentConfig, 'runFolder' | 'stateFolder'>;

export interface StartOptions {
  /** The folders that this process serves. */
  readonly folders: Folders;
  /** The configuration as the process that comes after will find it. Throws what is wrong with it. */
  readonly readConfig: () => Promise<Folders>;
  /** The program that is executed. */
  readonly executable: string;
  /** The file that it is given; undefined where it needs none. */
  readonly script: string | undefined;
}

/**
 * What would keep this agent from starting again as it was started: its program is gone, or its configuration is not valid any more, or leads to other
 * folders, where nobody would find the record of the restart. Undefined = nothing that can be seen from here.
 */
export async function findStartObstacle(options: StartOptions): Promise<string | undefined> {
  const { executable, script, folders, readConfig } = options;
  try {
    checkFile(executable, constants.X_OK);
    if (script !== undefined) checkFile(script, constants.R_OK);
    const config = await readConfig();
    for (const key of ['runFolder', 'stateFolder'] as const)
      if (config[key] !== folders[key])
        return `its configuration names ${config[key]} now, and it runs with ${folders[key]}: end it, and start it again`;
    return undefined;
  } catch (error) {
    return messageOf(error);
  }
}

function checkFile(path: string, access: number): void {
  accessSync(path, access);
  if (!statSync(path).isFile()) throw new Error(`${path}: expected a file`);
}
