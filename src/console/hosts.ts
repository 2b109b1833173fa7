import { join } from 'node:path';
import { dataFolder } from '../store/data-folder.ts';
import { createHostList, type Host, type HostList } from '../store/hosts.ts';
import { createGate } from '../transport/create-gate.ts';
import { parseDestination } from '../transport/destination.ts';
import type { AgentLink } from '../transport/link.ts';
import { createRemoteLink } from '../transport/stdio/create-remote-link.ts';
import { accountName } from './account-name.ts';

/** The hosts that this account reaches agents on, and the way to them. */
export interface Hosts {
  readonly list: HostList;
  readonly createLink: (host: Host) => AgentLink;
}

/** sshd of OpenSSH drops connections at random from the tenth on that is not let in yet (MaxStartups), and each costs about 0.3 s of a processor. */
const maxOpening = 8;

export function createHosts(environment: Readonly<Record<string, string | undefined>>): Hosts {
  const gate = createGate(maxOpening);
  return {
    list: createHostList(join(dataFolder(environment), 'hosts.db')),
    createLink: ({ name, destination, agentPath }) =>
      createRemoteLink({
        name,
        destination: parseDestination(destination),
        agentPath,
        gate,
        investigator: accountName(),
      }),
  };
}
