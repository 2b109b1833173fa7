/** Where an agent on another host is, as an investigator types it. It becomes words of an argv: nothing in it may be taken for an option or by a shell. */
import { TransportError } from '../base/app-error.ts';

export type Destination =
  /** Anything that ssh takes: a name of ssh_config, user@host, ssh://user@host:port. */
  | { readonly kind: 'ssh'; readonly host: string }
  | { readonly kind: 'docker'; readonly container: string }
  | {
      readonly kind: 'kubectl';
      readonly namespace: string | undefined;
      readonly pod: string;
      readonly container: string | undefined;
    };

/** A word of Docker and Kubernetes. */
const containerName = '[A-Za-z0-9][A-Za-z0-9_.-]{0,252}';
/** ssh hands its destination to the shell of a ProxyCommand: characters that mean something to one are not let in. */
const sshPattern = /^(ssh:\/\/)?([A-Za-z0-9_][A-Za-z0-9_.+-]{0,63}@)?[A-Za-z0-9_[:][A-Za-z0-9_.:%[\]-]{0,252}\/?$/;
const dockerPattern = new RegExp(`^${containerName}$`);
const kubectlPattern = new RegExp(`^(?:(${containerName})/)?(${containerName})(?::(${containerName}))?$`);

/** Throws TransportError HOST_INVALID. */
export function parseDestination(text: string): Destination {
  const [, scheme = '', rest = ''] = /^(docker|kubectl):(.*)$/s.exec(text) ?? [];
  if (scheme === 'docker') {
    if (!dockerPattern.test(rest)) throw invalid(text, 'docker:CONTAINER');
    return { kind: 'docker', container: rest };
  }
  if (scheme === 'kubectl') {
    const [found, namespace, pod = '', container] = kubectlPattern.exec(rest) ?? [];
    if (found === undefined) throw invalid(text, 'kubectl:[NAMESPACE/]POD[:CONTAINER]');
    return { kind: 'kubectl', namespace, pod, container };
  }
  if (!sshPattern.test(text)) throw invalid(text, 'a destination of ssh ([USER@]HOST, or a name of ssh_config)');
  return { kind: 'ssh', host: text };
}

/** The agent's program as a path or a name on its host. Throws TransportError HOST_INVALID. */
export function checkAgentPath(path: string): string {
  if (/^[A-Za-z0-9_/~.][A-Za-z0-9_/~.+@=:,-]{0,1023}$/.test(path)) return path;
  throw new TransportError(
    'HOST_INVALID',
    `expected the path of gumshoe-agent on the host (letters, digits, _ / . ~ + @ = : , -), got ${JSON.stringify(path.slice(0, 100))}`,
  );
}

function invalid(text: string, expected: string): TransportError {
  return new TransportError('HOST_INVALID', `expected ${expected}, got ${JSON.stringify(text.slice(0, 100))}`);
}
