import { createLink, type LinkOptions } from '../create-link.ts';
import type { AgentLink } from '../link.ts';
import { spawnConnection, type SpawnOptions } from './spawn-connection.ts';

export type StdioLinkOptions = Omit<SpawnOptions, 'command' | 'args'> &
  Omit<LinkOptions, 'connect'> & {
    /** The program and its arguments: any that end in `gumshoe-agent --stdio`, with `--daemon` behind it when only a daemon will do. */
    readonly argv: (options: { readonly daemon: boolean }) => readonly string[];
  };

/**
 * A link to an agent that is a program: on this host, or through ssh, docker exec or the like. Opening starts the program, closing ends it; after an end it
 * can be opened again.
 */
export function createStdioLink(options: StdioLinkOptions): AgentLink {
  return createLink({
    ...options,
    connect: (how) => {
      const [command = '', ...args] = options.argv(how);
      return spawnConnection({ ...options, command, args });
    },
  });
}
