import { systemIpTool, type IpTool } from '../../src/linux/ip-tool/run-ip-tool.ts';
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
}

export const systemHost: Host = {
  procFolder: '/proc',
  sysFolder: '/sys',
  passwdFile: '/etc/passwd',
  ipTool: systemIpTool,
};

/** What the steps of one run share. */
export interface Search {
  readonly host: Host;
  readonly queries: Queries;
  readonly findings: Findings;
  readonly problems: Problems;
  readonly pace: Pace;
}
