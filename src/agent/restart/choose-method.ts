/** How this agent has to be restarted. */
export type AgentMethod =
  | { readonly kind: 'systemd'; readonly unit: string; readonly isUserUnit: boolean }
  /** `reason`: why it is not systemd, for the log. */
  | { readonly kind: 'helper'; readonly reason: string }
  | { readonly kind: 'none'; readonly reason: string };

/** What the decision is made from; a test brings facts of its own. */
export interface RunFacts {
  readonly ownPid: number;
  /** /run/systemd/system is there: systemd is the host's first process (sd_booted(3)). */
  readonly isSystemdBooted: boolean;
  /** Of the environment: the process that systemd started itself. Inherited by all that process starts; absent before systemd 248. */
  readonly systemdExecPid: string | undefined;
  /** /proc/self/cgroup, cgroups(7). */
  readonly cgroup: string;
  /** What systemd says is the main process of the unit; undefined where it does not say. */
  readonly readMainPid: (unit: string, isUserUnit: boolean) => Promise<number | undefined>;
}

/**
 * systemd restarts the agent only where it started it: systemd runs, this process lies in the cgroup of a service, and it is the one that the service began
 * with, not something a service (a runner, a terminal) started. INVOCATION_ID says nothing of that, nor does a systemctl that is there.
 */
export async function chooseMethod(facts: RunFacts): Promise<AgentMethod> {
  const { ownPid, systemdExecPid } = facts;
  if (ownPid === 1)
    return {
      kind: 'none',
      reason: 'the agent is process 1 of its container: nothing would be left to start it again; restart the container',
    };
  if (!facts.isSystemdBooted) return { kind: 'helper', reason: 'systemd does not run on this host' };
  const service = findService(facts.cgroup);
  if (!service) return { kind: 'helper', reason: 'the agent runs in no service of systemd' };
  const mainPid =
    systemdExecPid === undefined
      ? await facts.readMainPid(service.unit, service.isUserUnit)
      : Number(/^\d+$/.exec(systemdExecPid)?.[0]);
  if (mainPid !== ownPid)
    return {
      kind: 'helper',
      reason: `the agent is not the main process of ${service.unit}, that is ${mainPid ?? 'unknown'}`,
    };
  return { kind: 'systemd', ...service };
}

/** The service that a process lies in: of cgroup v2 the line "0::PATH", of v1 that of systemd's own hierarchy. The innermost one counts. */
function findService(cgroup: string): { readonly unit: string; readonly isUserUnit: boolean } | undefined {
  const lines = cgroup.split('\n');
  const line = lines.find((one) => one.startsWith('0::/')) ?? lines.find((one) => /^\d+:name=systemd:\//.test(one));
  const parts = line?.slice(line.indexOf('/')).split('/') ?? [];
  const unit = parts.findLast((part) => part.endsWith('.service'));
  if (unit === undefined || !/^[A-Za-z0-9:_.\\@-]{1,255}$/.test(unit) || unit.startsWith('-')) return undefined;
  const manager = parts.findIndex((part) => /^user@\d+\.service$/.test(part));
  return { unit, isUserUnit: manager >= 0 && parts.lastIndexOf(unit) > manager };
}
