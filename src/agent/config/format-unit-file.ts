/** The unit file of systemd.service(5) for the agent. `program` and `configPath` are absolute; the agent finds its own configuration without one. */
export function formatUnitFile(options: { readonly program: string; readonly configPath: string | undefined }): string {
  const words = [options.program, ...(options.configPath === undefined ? [] : ['-c', options.configPath])];
  return `# Written by "gumshoe-agent install", taken away by "gumshoe-agent uninstall".
# Settings of your own: "systemctl edit", which keeps them in a file beside this one.
[Unit]
Description=gumshoe agent
After=network.target

[Service]
Type=exec
ExecStart=${words.map(quote).join(' ')}
# HUP opens the log file again, after it was moved away.
ExecReload=/bin/kill -HUP $MAINPID
Restart=on-failure
RestartSec=2
# A configuration that is refused stays refused until somebody corrects it.
RestartPreventExitStatus=2 78
# TERM goes to the agent alone, which asks its modules to save their state before it ends them; what it leaves behind is killed. For that it takes at
# most 37 s when it is restarted: 5 s for modules to prepare, 20 s to end, 10 s until they are gone, 2 s for the last words to consoles.
TimeoutStopSec=40
KillMode=mixed
RuntimeDirectory=gumshoe
RuntimeDirectoryMode=0755
# The lock of the run folder is never taken away, so that there are never two agents.
RuntimeDirectoryPreserve=yes
StateDirectory=gumshoe
StateDirectoryMode=0700
UMask=0077
LimitNOFILE=65536
# What can be forbidden without hiding anything from an investigation: ProtectSystem, ProtectHome, PrivateTmp, PrivateDevices, ProtectProc and
# ProtectKernelLogs would show the modules another host than the one that is asked about.
NoNewPrivileges=yes
LockPersonality=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes

[Install]
WantedBy=multi-user.target
`;
}

/** A word of ExecStart: in quotes, with what systemd would replace written twice. */
function quote(word: string): string {
  const text = word.replaceAll('%', '%%').replaceAll('$', '$$$$');
  return /^[\w./@%$+:,=-]+$/.test(text) ? text : `"${text.replaceAll(/["\\]/g, String.raw`\$&`)}"`;
}
