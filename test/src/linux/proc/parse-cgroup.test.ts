import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseCgroup } from '../../../../src/linux/proc/parse-cgroup.ts';

const id = '4f1d'.repeat(16);
const other = 'beef'.repeat(16);
const pod = '0f3c1b0e_1111_2222_3333_444455556666';
const kubelet = `/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod${pod}.slice`;

test.each([
  [`0::/system.slice/docker-${id}.scope`, `/system.slice/docker-${id}.scope`, id],
  [`12:pids:/docker/${id}\n1:name=systemd:/docker/${id}`, `/docker/${id}`, id],
  [`0::/docker/${id}/init.scope`, `/docker/${id}`, id],
  [`0::/docker/${other}/docker/${id}`, `/docker/${other}/docker/${id}`, id],
  [`0::${kubelet}/cri-containerd-${id}.scope`, `${kubelet}/cri-containerd-${id}.scope`, id],
  [`0::${kubelet}/crio-${id}.scope`, `${kubelet}/crio-${id}.scope`, id],
  [
    `11:memory:/system.slice/containerd.service/kubepods-besteffort-pod${pod}.slice:cri-containerd:${id}`,
    `/system.slice/containerd.service/kubepods-besteffort-pod${pod}.slice:cri-containerd:${id}`,
    id,
  ],
  [`4:cpu:/kubepods/burstable/pod${pod}/${id}`, `/kubepods/burstable/pod${pod}/${id}`, id],
  [`0::/machine.slice/libpod-${id}.scope/container`, `/machine.slice/libpod-${id}.scope`, id],
  [`0::/user.slice/user-1000.slice/user@1000.service/user.slice/libpod-${id}.scope`, undefined, id],
  [`0::/../../docker-${id}.scope`, `/../../docker-${id}.scope`, id],
  [
    `4:pids:/ecs/0123456789abcdef0123456789abcdef/0123456789abcdef0123456789abcdef-1234567890`,
    undefined,
    '0123456789abcdef0123456789abcdef-1234567890',
  ],
  [
    String.raw`0::/machine.slice/machine-web\x2dfront.scope/payload/system.slice/nginx.service`,
    String.raw`/machine.slice/machine-web\x2dfront.scope`,
    'web-front',
  ],
  ['0::/machine.slice/systemd-nspawn@web.service/payload', '/machine.slice/systemd-nspawn@web.service', 'web'],
  ['0::/lxc.payload.c1/system.slice/ssh.service', '/lxc.payload.c1', 'c1'],
  ['3:freezer:/lxc/c2', '/lxc/c2', 'c2'],
  [`0::/system.slice/docker-${id}.scope (deleted)`, `/system.slice/docker-${id}.scope`, id],
])('%s is a container', (text, path, container) => {
  const found = parseCgroup(`${text}\n`);
  expect(found?.container).toBe(container);
  if (path !== undefined) expect(found?.path).toBe(path);
});

test.each([
  ['0::/init.scope', '/init.scope'],
  ['0::/', '/'],
  ['0::/user.slice/user-1000.slice/session-3.scope', '/user.slice/user-1000.slice/session-3.scope'],
  // What watches over a container is outside of it.
  [`0::/machine.slice/libpod-conmon-${id}.scope`, `/machine.slice/libpod-conmon-${id}.scope`],
  [`0::${kubelet}/crio-conmon-${id}.scope`, `${kubelet}/crio-conmon-${id}.scope`],
  ['0::/lxc.monitor.c1', '/lxc.monitor.c1'],
  ['0::/system.slice/containerd.service', '/system.slice/containerd.service'],
  // Both versions side by side: version 2 has the root alone.
  ['9:name=systemd:/system.slice/cron.service\n8:pids:/system.slice/cron.service\n0::/', '/system.slice/cron.service'],
  ['9:name=systemd:/a\n8:pids:/b\n0::/c', '/c'],
  ['9:pids:/a:b', '/a:b'],
])('%s is the group of no container', (text, path) => {
  expect(parseCgroup(`${text}\n`)).toEqual({ path, container: undefined });
});

test('a text without groups says nothing, and no text makes it throw', () => {
  expect(parseCgroup('')).toBeUndefined();
  expect(parseCgroup('nonsense\n')).toBeUndefined();
  fc.assert(fc.property(fc.string(), (text) => void parseCgroup(text)));
  fc.assert(fc.property(fc.string(), (text) => void parseCgroup(`0::/${text}`)));
});
