import { isHost, ntpPort } from './server-name.ts';
import type { ConfiguredServer } from './parse-server-lines.ts';

/** The servers that systemd-timesyncd is told, in the order of its files: a later file adds, an empty value takes back what was said before. */
export interface TimesyncdServers {
  readonly ntp: readonly string[];
  /** Used when there are no others. */
  readonly fallback: readonly string[];
}

export const noTimesyncdServers: TimesyncdServers = { ntp: [], fallback: [] };

/** What remains after one more file, timesyncd.conf(5) and systemd.syntax(7). Only the section [Time] is looked at. */
export function parseTimesyncdConf(text: string, before = noTimesyncdServers): TimesyncdServers {
  let { ntp, fallback } = before;
  let section = '';
  for (const line of text.replaceAll('\\\n', ' ').split('\n')) {
    const trimmed = line.trim();
    if (/^\[.*\]$/s.test(trimmed)) section = trimmed.slice(1, -1);
    const [, key, value = ''] = /^(NTP|FallbackNTP)\s*=(.*)$/s.exec(trimmed) ?? [];
    if (section !== 'Time' || key === undefined) continue;
    if (key === 'NTP') ntp = addHosts(ntp, value);
    else fallback = addHosts(fallback, value);
  }
  return { ntp, fallback };
}

/** The servers that DHCP gave, from a state file of systemd-networkd: a line NTP=HOST HOST. */
export function parseNetworkState(text: string): readonly string[] {
  return text
    .split('\n')
    .flatMap((line) => (line.startsWith('NTP=') ? addHosts([], line.slice(4).replaceAll('"', '')) : []));
}

export function toServers(hosts: readonly string[]): readonly ConfiguredServer[] {
  return hosts.map((host) => ({ host, port: ntpPort, isPool: false }));
}

function addHosts(hosts: readonly string[], value: string): readonly string[] {
  const words = value.trim().split(/\s+/);
  return value.trim() === '' ? [] : [...hosts, ...words.filter(isHost)];
}
