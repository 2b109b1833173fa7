/** The kinds of start points, in the order in which they are looked at, and what each is. */
export const kindSummaries = {
  systemd: 'services, sockets, paths and drop-ins of systemd, of the system and of users',
  timer: 'timers of systemd and the services they start',
  generator: 'programs that systemd runs before it reads units, at sleep and at shutdown',
  cron: 'crontabs, cron.d, cron.daily and the like, anacron, periodic',
  at: 'jobs of at',
  init: 'System V and OpenRC scripts, inittab, rc.local',
  shell: 'profiles that shells read, of the system, of users, of new homes; variables that load libraries',
  preload: 'ld.so.preload and the folders of the dynamic linker',
  module: 'kernel modules loaded at boot, commands of modprobe, loaded modules that are tainted or of no known file',
  kernel: 'programs that the kernel starts: core_pattern, modprobe, hotplug, poweroff_cmd',
  udev: 'programs that rules of udev and events of ACPI run',
  pam: 'modules of PAM, and programs they run',
  autostart: 'desktop entries and scripts that graphical sessions and their managers start',
  dbus: 'services that D-Bus starts',
  ssh: 'commands of keys, of the SSH server and client, rc files',
  motd: 'scripts of the message of the day',
  packages: 'hooks of apt, dpkg, apk, dnf, and of kernel packages',
  network: 'scripts and commands that run when the network changes',
  inetd: 'programs that inetd and xinetd start for a connection',
  mail: 'programs that mail starts: aliases, .forward, procmail',
  logrotate: 'scripts of logrotate',
  binfmt: 'interpreters registered for formats of programs',
} as const;

export type Kind = keyof typeof kindSummaries;
export const kinds = Object.keys(kindSummaries) as readonly Kind[];

export function checkKind(text: string): string | undefined {
  if ((kinds as readonly string[]).includes(text)) return undefined;
  return `expected one of ${kinds.join(', ')}, got ${JSON.stringify(text.slice(0, 100))}`;
}
