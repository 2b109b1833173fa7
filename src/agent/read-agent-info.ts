import { readFileSync } from 'node:fs';
import { arch, hostname, networkInterfaces, platform, userInfo } from 'node:os';
import type { AgentInfo } from '../protocol/agent-info.ts';
import { version } from '../base/version.ts';
import { moduleNames } from '../../modules/load.ts';

/** MIG's agents told Go's names, and targets in the field ask for them. */
const goArchitectures: Readonly<Record<string, string>> = { x64: 'amd64', ia32: '386' };

/** What a configuration and a state folder say about an agent. */
export interface AgentNames {
  /** A daemon's own, for as long as its state folder is there. */
  readonly id?: string | undefined;
  readonly name?: string | undefined;
  readonly tags?: Readonly<Record<string, string>> | undefined;
}

/**
 * What this agent says about itself and its host: MIG's environment, read afresh at each call. Of MIG's keys `publicip` and `aws` are absent: they would
 * be asked of other hosts.
 */
export function readAgentInfo(mode: AgentInfo['mode'], startedMs: number, names: AgentNames = {}): AgentInfo {
  const user = readUser();
  return {
    // An agent that a console starts has no life of its own: it is this account on this host.
    id: names.id ?? `${user}@${hostname()}`,
    name: names.name ?? hostname(),
    version,
    pid: process.pid,
    mode,
    starttime: new Date(startedMs).toISOString(),
    environment: {
      os: platform(),
      arch: goArchitectures[arch()] ?? arch(),
      ident: readIdent(),
      init: readInit(),
      isproxied: false,
      addresses: Object.values(networkInterfaces())
        .flatMap((addresses) => addresses ?? [])
        .flatMap(({ internal, cidr }) => (internal || cidr === null ? [] : [cidr])),
      modules: [...moduleNames],
      user,
    },
    tags: { ...names.tags },
  };
}

function readUser(): string {
  try {
    return userInfo().username;
  } catch {
    // An account that the system has no entry for, as in some containers.
    return `uid ${process.getuid?.() ?? 'unknown'}`;
  }
}

/** "Debian GNU/Linux 12 (bookworm)" (os-release(5)), else the kernel's name. */
function readIdent(): string {
  const found = /^PRETTY_NAME=(?:"([^"]*)"|'([^']*)'|(.*))$/m.exec(readText('/etc/os-release'));
  return (found?.[1] ?? found?.[2] ?? found?.[3] ?? platform()).slice(0, 256);
}

/** The name of the first process: systemd, init, or what a container starts. */
function readInit(): string {
  return readText('/proc/1/comm').trim().slice(0, 64);
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    // Absent or unreadable: the caller has something else to say instead.
    return '';
  }
}
