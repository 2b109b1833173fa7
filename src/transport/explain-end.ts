import type { RemoteAgent } from './agent-argv.ts';

type Advise = (host: string, agentPath: string, program: string, found: RegExpExecArray) => string;

/** Words of ssh, docker, kubectl and shells at the end of a link, and what can be done about them. The first that fits is said. */
const advices: readonly (readonly [RegExp, Advise])[] = [
  [/^spawn \S+ ENOENT/, () => 'this program is needed on this host, on the PATH'],
  [/^end by SIG/, (_host, _path, program) => `${program} on this host was ended from outside`],
  [
    /Host key for (\S+) has changed/,
    (host, _path, _program, [, known = host]) =>
      `the host was made anew, or another one stands in its place: check its key by another way, then: ssh-keygen -R "${known}", and "ssh ${host}" accepts the new one`,
  ],
  [
    /Host key verification failed|REMOTE HOST IDENTIFICATION HAS CHANGED/i,
    (host) => `check the host's key by another way, then accept it: "ssh ${host}"`,
  ],
  [
    /Permission denied \(|Too many authentication failures/i,
    (host) =>
      `"ssh -o BatchMode=yes ${host} true" must work without a password: load your key (ssh-add), or name it in ssh_config`,
  ],
  [
    /exit status 12[67]\b|command not found|executable file not found|no such file or directory/i,
    (_host, agentPath) => `install gumshoe-agent there, or say where it is with --agent PATH: ${agentPath} was tried`,
  ],
  [/Could not resolve hostname|Name or service not known/i, () => 'correct the name, or give it in ssh_config'],
  [/Connection refused/i, () => 'no ssh server listens there: check the port and that sshd runs'],
  [
    /during banner exchange/i,
    () => 'something listens there and does not answer as an ssh server does: see whether its sshd hangs',
  ],
  [
    /no greeting within/i,
    (host, agentPath) =>
      `it was reached, but no agent answered${host === '' ? '' : `: see what "ssh -o BatchMode=yes ${host} ${agentPath} --version" says`}`,
  ],
  [
    /No route to host|Network is unreachable|Connection timed out|Operation timed out/i,
    () => 'the host is down, or a firewall or the network keeps it away',
  ],
  [
    /Connection (closed|reset) by .* port|kex_exchange_identification/i,
    () => 'its sshd ends connections before they are let in: see MaxStartups and its log',
  ],
  [/No such container|is not running|pods? ".*" not found|container .* is not valid/i, () => 'correct its name'],
  [
    /not responding|Broken pipe|closed by remote host|client_loop|exit status 255/i,
    () => 'the connection broke: see whether the host is up',
  ],
  [
    /Cannot connect to the Docker daemon|connection to the server .* was refused/i,
    () => 'start it, or see who may use it',
  ],
];

/** How a link ended, with what to do about it where that is known. */
export function explainEnd(how: string, { destination, agentPath }: RemoteAgent): string {
  const host = destination.kind === 'ssh' ? destination.host : '';
  const said = destination.kind === 'ssh' ? pickWords(how) : how;
  for (const [pattern, advise] of advices) {
    const found = pattern.exec(how);
    if (found) return `${said} (${advise(host, agentPath, destination.kind, found)})`;
  }
  return said;
}

/** 255 is said by ssh of itself, and of what it says about keys the sentence with the host tells all: lists of hosts have room for little more. */
function pickWords(how: string): string {
  const words = how.replace(/^exit status 255: (?=.)/, '');
  return (
    /(?:Host key for|No \S+ host key is known for) .*?(?=: Host key verification failed)/.exec(words)?.[0] ?? words
  );
}
