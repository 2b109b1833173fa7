import { expect, test } from 'vitest';
import { chooseMethod, type RunFacts } from '../../../../src/agent/restart/choose-method.ts';

const service: RunFacts = {
  ownPid: 500,
  isSystemdBooted: true,
  systemdExecPid: '500',
  cgroup: '0::/system.slice/gumshoe-agent.service\n',
  readMainPid: async () => undefined,
};
const unit = 'gumshoe-agent.service';

test.each<[string, Partial<RunFacts>, unknown]>([
  ['the main process of a service', {}, { kind: 'systemd', unit, isUserUnit: false }],
  [
    'the same by cgroup v1',
    { cgroup: '12:pids:/x\n1:name=systemd:/system.slice/gumshoe-agent.service\n' },
    { kind: 'systemd', unit, isUserUnit: false },
  ],
  [
    'a folder of its own below the service',
    { cgroup: '0::/system.slice/gumshoe-agent.service/own\n' },
    { kind: 'systemd', unit, isUserUnit: false },
  ],
  [
    'a service of an account',
    { cgroup: `0::/user.slice/user-1000.slice/user@1000.service/app.slice/${unit}\n` },
    { kind: 'systemd', unit, isUserUnit: true },
  ],
  [
    'an older systemd, which is asked',
    { systemdExecPid: undefined, readMainPid: async (asked) => (asked === unit ? 500 : undefined) },
    { kind: 'systemd', unit, isUserUnit: false },
  ],
  ['A8: no systemd runs', { isSystemdBooted: false }, { kind: 'helper', reason: 'systemd does not run on this host' }],
  [
    'A7: what a service has started: its environment is inherited',
    { systemdExecPid: '400' },
    { kind: 'helper', reason: 'the agent is not the main process of gumshoe-agent.service, that is 400' },
  ],
  [
    'A7: a terminal inside a service, of an older systemd',
    { systemdExecPid: undefined, readMainPid: async () => 400 },
    { kind: 'helper', reason: 'the agent is not the main process of gumshoe-agent.service, that is 400' },
  ],
  [
    'systemd does not say',
    { systemdExecPid: undefined },
    { kind: 'helper', reason: 'the agent is not the main process of gumshoe-agent.service, that is unknown' },
  ],
  [
    'a session',
    { cgroup: '0::/user.slice/user-0.slice/session-3.scope\n' },
    { kind: 'helper', reason: 'the agent runs in no service of systemd' },
  ],
  ['no cgroups', { cgroup: '' }, { kind: 'helper', reason: 'the agent runs in no service of systemd' }],
  [
    'a name that systemctl would take for a flag',
    { cgroup: '0::/system.slice/--force.service\n' },
    { kind: 'helper', reason: 'the agent runs in no service of systemd' },
  ],
  [
    'the first process of a container',
    { ownPid: 1 },
    {
      kind: 'none',
      reason: 'the agent is process 1 of its container: nothing would be left to start it again; restart the container',
    },
  ],
])('%s', async (_, facts, method) => {
  expect(await chooseMethod({ ...service, ...facts })).toEqual(method);
});
