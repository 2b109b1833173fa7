import { isIP } from 'node:net';

/** "::1" from "[::1]"; anything else as it is. */
export function stripBrackets(destination: string): string {
  return /^\[.*:.*\]$/s.test(destination) ? destination.slice(1, -1) : destination;
}

/** What is wrong with a typed destination; undefined when nothing is. Names are not resolved here: only the endpoint can say what they are to it. */
export function checkDestination(typed: string): string | undefined {
  const destination = stripBrackets(typed);
  const isName = destination.length <= 253 && /^[\p{L}\p{N}_]([\p{L}\p{N}._-]*[\p{L}\p{N}_.])?$/u.test(destination);
  if (isIP(destination) !== 0 || isName) return undefined;
  const hint = /^[^:]+:\d+$/.test(typed) ? ': the port is a parameter of its own' : '';
  return `expected a host name or an address such as www.example.net, 192.0.2.7 or fe80::1%eth0, got ${JSON.stringify(typed.slice(0, 300))}${hint}`;
}

/** "HOST:PORT", with brackets around an IPv6 address. */
export function formatDestination(host: string, port: number | undefined): string {
  const plain = stripBrackets(host);
  if (port === undefined) return plain;
  return plain.includes(':') ? `[${plain}]:${port}` : `${plain}:${port}`;
}
