import { systemIpTool, type IpTool } from '../../src/linux/ip-tool/run-ip-tool.ts';
import { createReadSocketLinks, type ReadSocketLinks } from '../../src/linux/proc/read-socket-links.ts';
import { openLinkCalls } from '../../src/native/link-calls.ts';
import { loadNetlink, type OpenNetlink } from '../../src/native/netlink-socket.ts';
import type { Pace } from '../../src/base/pace.ts';
import type { Findings } from './findings.ts';
import type { Problems } from './problems.ts';
import type { Queries } from './queries.ts';

/** Where the facts of a host are read; a test brings a tree of its own. */
export interface Host {
  readonly procFolder: string;
  readonly sysFolder: string;
  readonly passwdFile: string;
  readonly ipTool: IpTool;
  /** How the sockets that a process has open are read. */
  readonly readLinks: ReadSocketLinks;
  /** Asks the kernel for the sockets of the own namespace; undefined where only the tables of /proc tell them. */
  readonly openNetlink: OpenNetlink | undefined;
}

export function createSystemHost(): Host {
  return {
    procFolder: '/proc',
    sysFolder: '/sys',
    passwdFile: '/etc/passwd',
    ipTool: systemIpTool,
    readLinks: createReadSocketLinks(openLinkCalls()),
    openNetlink: loadNetlink(),
  };
}

/** What the steps of one run share. */
export interface Search {
  readonly host: Host;
  readonly queries: Queries;
  readonly findings: Findings;
  readonly problems: Problems;
  readonly pace: Pace;
  readonly formatAddress: (hex: string) => string;
}
