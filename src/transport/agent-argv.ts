import type { Destination } from './destination.ts';

export interface RemoteAgent {
  readonly destination: Destination;
  /** The agent's program on its host: a path, or a name on the PATH there. */
  readonly agentPath: string;
}

/**
 * What only this use of ssh needs; ssh_config, jump hosts, known_hosts and ssh-agent do the rest (ssh_config(5)). Nobody is there to be asked a password,
 * a host that does not answer is given up, and a link without life for 45 s is broken; a command of ssh_config would take the place of the agent.
 */
const sshOptions = [
  'BatchMode=yes',
  'ConnectTimeout=15',
  'ServerAliveInterval=15',
  'ServerAliveCountMax=3',
  'RemoteCommand=none',
];

/** The program that carries the agent's standard input and output, and its arguments. `daemon`: the agent that runs there, not one of the link's own. */
export function agentArgv(
  { destination, agentPath }: RemoteAgent,
  options: { readonly daemon: boolean },
): readonly string[] {
  const agent = [agentPath, '--stdio', ...(options.daemon ? ['--daemon'] : [])];
  switch (destination.kind) {
    case 'ssh':
      // -T: a terminal would turn line ends and swallow control characters.
      return ['ssh', '-T', ...sshOptions.flatMap((option) => ['-o', option]), '--', destination.host, agent.join(' ')];
    case 'docker':
      return ['docker', 'exec', '-i', destination.container, ...agent];
    case 'kubectl': {
      const { namespace, pod, container } = destination;
      return [
        'kubectl',
        'exec',
        '-i',
        pod,
        ...(namespace === undefined ? [] : ['-n', namespace]),
        ...(container === undefined ? [] : ['-c', container]),
        '--',
        ...agent,
      ];
    }
  }
}
