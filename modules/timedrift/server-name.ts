import { isIP } from 'node:net';

export const ntpPort = 123;

/** Whom to ask: a name or an address, and a port. */
export interface ServerName {
  readonly host: string;
  readonly port: number;
}

/** "HOST", "HOST:PORT", "[IPV6]:PORT" or an IPv6 address; undefined for anything else. */
export function parseServerName(text: string): ServerName | undefined {
  if (isHost(text)) return { host: text, port: ntpPort };
  const [, bracketed, plain = bracketed, digits] = /^(?:\[([^[\]]+)\]|([^:]+))(?::(\d{1,5}))?$/s.exec(text) ?? [];
  if (plain === undefined || !isHost(plain) || (bracketed !== undefined && isIP(bracketed) !== 6)) return undefined;
  const port = digits === undefined ? ntpPort : Number(digits);
  return port >= 1 && port <= 65_535 ? { host: plain, port } : undefined;
}

/** The server as it is shown: without the port where it is NTP's. */
export function formatServerName({ host, port }: ServerName): string {
  if (port === ntpPort) return host;
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}

export function checkServerName(text: string): string | undefined {
  if (parseServerName(text)) return undefined;
  return `expected a server such as time.example.net, 192.0.2.7:123 or [2001:db8::1]:123, got ${JSON.stringify(text.slice(0, 300))}`;
}

/** An IP address, with a zone too, or a name of the DNS. */
export function isHost(text: string): boolean {
  if (isIP(text) !== 0) return true;
  return text.length <= 253 && /^[\p{L}\p{N}_]([\p{L}\p{N}._-]*[\p{L}\p{N}_.])?$/u.test(text);
}
