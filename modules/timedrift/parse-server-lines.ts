import { isHost, ntpPort, type ServerName } from './server-name.ts';

export interface ConfiguredServer extends ServerName {
  /** A name that stands for several servers. */
  readonly isPool: boolean;
}

/** What a configuration file asks to read too: the files with this ending in a folder, or one file (chrony.conf(5): confdir, sourcedir, include). */
export interface Included {
  readonly path: string;
  readonly ending: '.conf' | '.sources' | undefined;
}

export interface ServerLines {
  readonly servers: readonly ConfiguredServer[];
  readonly included: readonly Included[];
}

const kinds: Readonly<Record<string, boolean>> = { server: false, peer: false, pool: true, servers: true };
const endings: Readonly<Record<string, Included['ending']>> = {
  confdir: '.conf',
  sourcedir: '.sources',
  include: undefined,
};

/**
 * The servers of a file in the words of ntpd (ntp.conf(5)), chrony (chrony.conf(5)) or OpenNTPD (ntpd.conf(5)): lines of a keyword in any case, a host and
 * options, of which only the port counts here. A local clock of ntpd (127.127.x.x) is no server. Anything else is passed over.
 */
export function parseServerLines(text: string): ServerLines {
  const servers: ConfiguredServer[] = [];
  const included: Included[] = [];
  for (const line of text.split('\n')) {
    const [keyword = '', ...words] = line
      .replace(/^\s*[!;#%].*$|#.*$/s, '')
      .trim()
      .split(/\s+/);
    const kind = keyword.toLowerCase();
    if (Object.hasOwn(endings, kind)) {
      included.push(...words.filter((path) => path.startsWith('/')).map((path) => ({ path, ending: endings[kind] })));
    }
    const isPool = Object.hasOwn(kinds, kind) ? kinds[kind] : undefined;
    const host = words.find((word) => !/^(-[46]|ipv[46])$/i.test(word));
    if (isPool === undefined || host === undefined || !isHost(host) || host.startsWith('127.127.')) continue;
    servers.push({ host, port: readPort(words), isPool });
  }
  return { servers, included };
}

function readPort(words: readonly string[]): number {
  const at = words.findIndex((word) => word.toLowerCase() === 'port');
  const port = at < 0 ? '' : (words[at + 1] ?? '');
  return /^\d{1,5}$/.test(port) && Number(port) >= 1 && Number(port) <= 65_535 ? Number(port) : ntpPort;
}
