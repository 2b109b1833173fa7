import { cronFolders, generatorFolders, motdFolders } from '../../src/linux/startup/folders-by-kind.ts';
import { readAt } from '../../src/linux/startup/read-at.ts';
import { readBinfmt } from '../../src/linux/startup/read-binfmt.ts';
import { readCron } from '../../src/linux/startup/read-cron.ts';
import { readAutostart, readDbus } from '../../src/linux/startup/read-desktop.ts';
import { readInit } from '../../src/linux/startup/read-init.ts';
import { readInetd } from '../../src/linux/startup/read-inetd.ts';
import { readKernelModules } from '../../src/linux/startup/read-kernel-modules.ts';
import { readLogrotate } from '../../src/linux/startup/read-logrotate.ts';
import { readMail } from '../../src/linux/startup/read-mail.ts';
import { readNetworkHooks } from '../../src/linux/startup/read-network-hooks.ts';
import { readPackageHooks } from '../../src/linux/startup/read-package-hooks.ts';
import { readPam } from '../../src/linux/startup/read-pam.ts';
import { readPreload } from '../../src/linux/startup/read-preload.ts';
import { readShellProfiles } from '../../src/linux/startup/read-shell-profiles.ts';
import { readSsh } from '../../src/linux/startup/read-ssh.ts';
import { readSysctl } from '../../src/linux/startup/read-sysctl.ts';
import { readUdev } from '../../src/linux/startup/read-udev.ts';
import { readTimers, readUnits } from '../../src/linux/startup/read-units.ts';
import { readScriptFolders } from '../../src/linux/startup/script-folders.ts';
import type { StartPoint, StartReader } from '../../src/linux/startup/start-point.ts';
import type { Pace } from '../../src/base/pace.ts';
import type { Host } from './host.ts';
import { kinds, type Kind } from './kinds.ts';

const readers: Readonly<Record<Kind, readonly StartReader[]>> = {
  systemd: [readUnits],
  timer: [readTimers],
  generator: [(host) => readScriptFolders(host, generatorFolders)],
  cron: [readCron, (host) => readScriptFolders(host, cronFolders)],
  at: [readAt],
  init: [readInit],
  shell: [readShellProfiles],
  preload: [readPreload],
  module: [readKernelModules],
  kernel: [readSysctl],
  udev: [readUdev],
  pam: [readPam],
  autostart: [readAutostart],
  dbus: [readDbus],
  ssh: [readSsh],
  motd: [(host) => readScriptFolders(host, motdFolders)],
  packages: [readPackageHooks],
  network: [readNetworkHooks],
  inetd: [readInetd],
  mail: [readMail],
  logrotate: [readLogrotate],
  binfmt: [readBinfmt],
};

/** A start point before its files are looked at. */
export interface FoundPoint {
  readonly kind: Kind;
  readonly point: StartPoint;
}

/** More of one kind than any host has. */
const maxPointsOfKind = 20_000;

/** The points of the wanted kinds, all if none is named. A stop ends the search early. */
export async function* findPoints(host: Host, wanted: readonly string[], pace: Pace): AsyncGenerator<FoundPoint> {
  for (const kind of kinds) {
    if (wanted.length > 0 && !wanted.includes(kind)) continue;
    let count = 0;
    for (const read of readers[kind]) {
      for (const point of read(host)) {
        if (pace.isDue()) await pace.rest();
        if (pace.signal.aborted) return;
        if (point === undefined) continue;
        if (++count > maxPointsOfKind) break;
        yield { kind, point };
      }
    }
    if (count > maxPointsOfKind)
      host.files.problems.add(`${kind}: more than ${maxPointsOfKind} start points, the others were not looked at`);
  }
}
