import { agentArgv, type RemoteAgent } from '../agent-argv.ts';
import type { LinkOptions } from '../create-link.ts';
import { explainEnd } from '../explain-end.ts';
import type { AgentLink } from '../link.ts';
import { createStdioLink } from './create-stdio-link.ts';

/** A link to an agent on another host, by ssh, docker or kubectl. */
export function createRemoteLink(
  options: RemoteAgent & Pick<LinkOptions, 'name' | 'gate' | 'investigator'> & { readonly env?: NodeJS.ProcessEnv },
): AgentLink {
  const { destination, agentPath, ...rest } = options;
  const remote = { destination, agentPath };
  return createStdioLink({
    ...rest,
    argv: (how) => agentArgv(remote, how),
    explain: (how) => explainEnd(how, remote),
  });
}
