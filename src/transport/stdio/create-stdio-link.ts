import { createLink, type LinkOptions } from '../create-link.ts';
import type { AgentLink } from '../link.ts';
import { spawnConnection, type SpawnOptions } from './spawn-connection.ts';

export type StdioLinkOptions = SpawnOptions & Omit<LinkOptions, 'connect'>;

/**
 * A link to an agent that is a program: any argv that ends in `gumshoe-agent --stdio`, on this host or through ssh, docker exec or the like.
 * Opening starts the program, closing ends it; after an end it can be opened again.
 */
export function createStdioLink(options: StdioLinkOptions): AgentLink {
  return createLink({ ...options, connect: () => spawnConnection(options) });
}
