/** Where a process stands among the control groups: /proc/PID/cgroup, cgroups(7), of version 1, version 2 and both side by side. Pure; never throws. */
export interface ProcessCgroup {
  /** The path of the group that is the container, or of the process's own where it is in none. */
  readonly path: string;
  /** The container's id, or its name where the runtime has no ids (lxc, systemd-nspawn). */
  readonly container: string | undefined;
}

/**
 * One folder of a path that is a container. What watches over a container (conmon, lxc.monitor) lives in a folder beside it, and outside of it.
 *
 * | runtime               | folder                                                                          |
 * |-----------------------|---------------------------------------------------------------------------------|
 * | docker, containerd, … | `<64 hex>` below docker/, kubepods/…/pod<uid>/, <namespace>/; `docker-<64 hex>.scope` |
 * | kubelet by systemd    | `cri-containerd-<64 hex>.scope`, `crio-<64 hex>.scope`, `…pod<uid>.slice:cri-containerd:<64 hex>` |
 * | podman                | `libpod-<64 hex>.scope`, `libpod-<64 hex>`                                      |
 * | Amazon ECS            | `<32 hex>-<number>` below ecs/                                                   |
 * | systemd-nspawn        | `machine-<name>.scope` (escaped as unit names are), `systemd-nspawn@<name>.service` |
 * | lxc, lxd, incus       | `lxc.payload.<name>`, lxc.payload/<name>, lxc/<name>                             |
 */
const patterns: readonly RegExp[] = [
  /^([0-9a-f]{64})$/,
  /^(?!.*conmon)[a-z][a-z0-9.-]*-([0-9a-f]{64})(?:\.scope)?$/,
  /:[a-z][a-z0-9.-]*:([0-9a-f]{64})$/,
  /^([0-9a-f]{32}-\d{6,12})$/,
  /^machine-(.+)\.scope$/,
  /^systemd-nspawn@(.+)\.service$/,
  /^lxc\.payload\.(.+)$/,
];
const parents = new Set(['lxc', 'lxc.payload']);

/** Undefined where the text has no line of a group. Where several hierarchies are there, the first that names a container counts, else version 2's, else systemd's. */
export function parseCgroup(text: string): ProcessCgroup | undefined {
  let own: { readonly path: string; readonly rank: number } | undefined;
  for (const line of text.split('\n')) {
    const found = /^\d+:([^:]*):(\/.*)$/s.exec(line);
    if (!found) continue;
    const [, controllers = '', path = ''] = found;
    const container = findContainer(path);
    if (container) return container;
    // With both versions side by side, version 2's hierarchy is the one without controllers, and often has the root alone.
    const rank = (path === '/' ? 0 : 4) + (controllers === '' ? 2 : controllers === 'name=systemd' ? 1 : 0);
    if (!own || rank > own.rank) own = { path, rank };
  }
  return own && { path: own.path, container: undefined };
}

/** The innermost one: a container may hold a runtime itself. */
function findContainer(path: string): ProcessCgroup | undefined {
  // The kernel says so of a group that was removed while it still had processes that end.
  const folders = path.replace(/ \(deleted\)$/, '').split('/');
  for (let at = folders.length - 1; at > 0; at--) {
    const name = readContainerName(folders[at] ?? '', folders[at - 1] ?? '');
    if (name !== undefined) return { path: folders.slice(0, at + 1).join('/'), container: name };
  }
  return undefined;
}

function readContainerName(folder: string, parent: string): string | undefined {
  if (parents.has(parent) && folder !== '') return folder;
  for (const pattern of patterns) {
    const name = pattern.exec(folder)?.[1];
    if (name !== undefined) return unescape(name);
  }
  return undefined;
}

/** systemd.unit(5): "\x2d" is a hyphen. */
function unescape(name: string): string {
  return name.replace(/\\x([0-9a-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}
