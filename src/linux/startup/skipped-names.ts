import type { HostFiles } from '../host/host-files.ts';

/** Says of a name in /etc/cron.d or cron.daily that it keeps the file from being started. */
export type IsSkipped = (name: string) => boolean;

/** Source: cron(8) and run-parts(8) of Debian, which take no dots; cron(8) of cronie and the run-parts of crontabs, which leave out leftovers. */
export function createIsSkipped(files: HostFiles): IsSkipped {
  if (files.stat('/var/lib/dpkg/status') === undefined)
    return (name) => /^[.#]|(~|,v|\.rpm(save|orig|new)|\.swp|\.cfsaved)$/.test(name);
  // With -l cron takes the names of the Linux Standard Base as well.
  const takesMore = /^\s*EXTRA_OPTS=.*-[a-z]*l/m.test(files.readText('/etc/default/cron') ?? '');
  const taken = takesMore ? /^[A-Za-z0-9_.-]*[A-Za-z0-9_-]$/ : /^[A-Za-z0-9_-]+$/;
  return (name) => !taken.test(name);
}
