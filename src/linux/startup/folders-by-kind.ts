/** Where scripts stand that something runs when its time comes. */
import type { ScriptFolder } from './script-folders.ts';

const generatorPlaces = ['/etc/systemd', '/run/systemd', '/usr/local/lib/systemd', '/usr/lib/systemd', '/lib/systemd'];

/** Programs that systemd runs before it reads its units, and when it sleeps or ends. */
export const generatorFolders: readonly ScriptFolder[] = generatorPlaces.flatMap((place) => [
  { folder: `${place}/system-generators`, when: 'boot, before units are read' },
  { folder: `${place}/system-environment-generators`, when: 'boot, before units are read' },
  { folder: `${place}/user-generators`, when: 'login, before units are read', runsAs: 'whoever logs in' },
  { folder: `${place}/user-environment-generators`, when: 'login, before units are read', runsAs: 'whoever logs in' },
  { folder: `${place}/system-sleep`, when: 'sleep and wake' },
  { folder: `${place}/system-shutdown`, when: 'shutdown' },
]);

export const cronFolders: readonly ScriptFolder[] = [
  ...['hourly', 'daily', 'weekly', 'monthly', 'yearly'].map((when) => ({
    folder: `/etc/cron.${when}`,
    when,
    byRunParts: true,
  })),
  ...['15min', 'hourly', 'daily', 'weekly', 'monthly'].map((when) => ({ folder: `/etc/periodic/${when}`, when })),
];

export const motdFolders: readonly ScriptFolder[] = [
  { folder: '/etc/update-motd.d', when: 'login' },
  { folder: '/usr/lib/update-motd.d', when: 'login' },
];

export const networkFolders: readonly ScriptFolder[] = [
  ...['up', 'down', 'pre-up', 'post-down', 'post-up', 'pre-down'].map((when) => ({
    folder: `/etc/network/if-${when}.d`,
    when: `network interface ${when}`,
  })),
  ...['/etc', '/usr/lib'].flatMap((place) =>
    ['', '/pre-up.d', '/pre-down.d', '/no-wait.d'].map((folder) => ({
      folder: `${place}/NetworkManager/dispatcher.d${folder}`,
      when: 'change of the network',
    })),
  ),
  ...['routable', 'carrier', 'degraded', 'dormant', 'no-carrier', 'off', 'configured'].flatMap((state) =>
    ['/etc', '/usr/lib'].map((place) => ({
      folder: `${place}/networkd-dispatcher/${state}.d`,
      when: `network ${state}`,
    })),
  ),
  { folder: '/etc/dhcp/dhclient-enter-hooks.d', when: 'address from DHCP', isSourced: true },
  { folder: '/etc/dhcp/dhclient-exit-hooks.d', when: 'address from DHCP', isSourced: true },
  { folder: '/usr/lib/dhcpcd/dhcpcd-hooks', when: 'address from DHCP', isSourced: true },
  ...['ip-up', 'ip-down', 'ipv6-up', 'ipv6-down'].map((when) => ({
    folder: `/etc/ppp/${when}.d`,
    when: `PPP ${when}`,
  })),
  { folder: '/etc/sysconfig/network-scripts', names: /^if(up|down)-/, when: 'network interface up or down' },
  { folder: '/etc/resolvconf/update.d', when: 'change of the resolver' },
];

export const packageHookFolders: readonly ScriptFolder[] = [
  ...['preinst', 'postinst', 'prerm', 'postrm', 'install', 'header_postinst'].map((when) => ({
    folder: `/etc/kernel/${when}.d`,
    when: `kernel package ${when}`,
  })),
  { folder: '/usr/lib/kernel/install.d', when: 'kernel package install' },
  { folder: '/etc/initramfs/post-update.d', when: 'initramfs made' },
  { folder: '/etc/initramfs-tools/hooks', when: 'initramfs made' },
  { folder: '/etc/apk/commit_hooks.d', when: 'packages changed (apk)' },
  { folder: '/etc/dnf/plugins', names: /\.py$/, when: 'packages changed (dnf)', isSourced: true },
  { folder: '/etc/yum/pluginconf.d', names: /\.py$/, when: 'packages changed (yum)', isSourced: true },
];

export const autostartFolders: readonly ScriptFolder[] = [
  ...['/etc/gdm3', '/etc/gdm'].flatMap((place) =>
    ['Init', 'PostLogin', 'PreSession', 'PostSession'].map((folder) => ({
      folder: `${place}/${folder}`,
      names: /^(Default|:\d+)$/,
      when: `graphical login (GDM ${folder})`,
    })),
  ),
  { folder: '/etc/X11/Xsession.d', when: 'graphical login', runsAs: 'whoever logs in', isSourced: true },
  { folder: '/etc/X11/xinit/xinitrc.d', when: 'graphical login', runsAs: 'whoever logs in', isSourced: true },
  { folder: '/etc/xdg/plasma-workspace/env', when: 'graphical login', runsAs: 'whoever logs in', isSourced: true },
];

export const shellFolders: readonly ScriptFolder[] = [
  { folder: '/etc/bash_completion.d', when: 'bash', runsAs: 'whoever logs in', isSourced: true },
  { folder: '/etc/profile.d', names: /\.(c?sh|zsh)$/, when: 'login shell', runsAs: 'whoever logs in', isSourced: true },
  { folder: '/etc/fish/conf.d', names: /\.fish$/, when: 'fish shell', runsAs: 'whoever logs in', isSourced: true },
  {
    folder: '/usr/share/fish/vendor_conf.d',
    names: /\.fish$/,
    when: 'fish shell',
    runsAs: 'whoever logs in',
    isSourced: true,
  },
];

/** In homes: for the account alone. */
export const homeScriptFolders: readonly ScriptFolder[] = [
  { folder: '.config/fish/conf.d', names: /\.fish$/, when: 'fish shell', isSourced: true },
  { folder: '.config/autostart-scripts', when: 'graphical login' },
  { folder: '.config/plasma-workspace/env', when: 'graphical login', isSourced: true },
];
