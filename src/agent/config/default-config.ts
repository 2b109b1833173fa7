import { isAbsolute, join } from 'node:path';
import { ConfigError } from '../../base/app-error.ts';

/** Who asks, and for which environment: what an agent's defaults depend on. */
export interface Account {
  readonly uid: number;
  readonly home: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** A value that was not in the file, and where it comes from. */
export interface Default<T> {
  readonly value: T;
  readonly from: string;
}

export interface DefaultFolders {
  /** undefined = do not read any file. */
  readonly configPath: string | undefined;
  /** The file was asked for by name: it has to be there. */
  readonly isNamed: boolean;
  readonly state: Default<string>;
  /** Depends on the state folder where the account has no folder of its own for sockets. */
  readonly runFor: (stateFolder: string) => Default<string>;
}

const folder = 'gumshoe';

/** Where root's agent, or a user's, has its file and its folders. Throws ConfigError CONFIG_INVALID on a variable that names no absolute path. */
export function readDefaultFolders({ uid, home, environment }: Account): DefaultFolders {
  const isRoot = uid === 0;
  const fromEnvironment = (name: string, below = ''): Default<string> | undefined => {
    const value = environment[name];
    if (value === undefined || value === '') return undefined;
    if (!isAbsolute(value)) {
      // The desktop's variables are to be ignored when they are relative (XDG Base Directory); ours was meant.
      if (name.startsWith('XDG_')) return undefined;
      throw new ConfigError('CONFIG_INVALID', `${name}: expected an absolute path, got ${JSON.stringify(value)}`);
    }
    return { value: join(value, below), from: `environment ${name}` };
  };
  const account = isRoot ? 'default of root' : 'default of this account';
  const named = environment['GUMSHOE_AGENT_CONFIG'];
  const own = isRoot
    ? '/etc/gumshoe/agent.yaml'
    : join(fromEnvironment('XDG_CONFIG_HOME')?.value ?? join(home, '.config'), folder, 'agent.yaml');
  return {
    configPath: named === 'none' ? undefined : named || own,
    isNamed: named !== undefined && named !== '' && named !== 'none',
    state: fromEnvironment('GUMSHOE_STATE') ??
      (isRoot ? undefined : fromEnvironment('XDG_STATE_HOME', folder)) ?? {
        value: isRoot ? `/var/lib/${folder}` : join(home, '.local/state', folder),
        from: account,
      },
    runFor: (stateFolder) =>
      fromEnvironment('GUMSHOE_RUN') ??
      (isRoot ? undefined : fromEnvironment('XDG_RUNTIME_DIR', folder)) ?? {
        value: isRoot ? `/run/${folder}` : join(stateFolder, 'run'),
        from: isRoot ? account : 'below the state folder',
      },
  };
}
