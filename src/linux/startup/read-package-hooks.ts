import { packageHookFolders } from './folders-by-kind.ts';
import { parseAptConf } from './parse-apt-conf.ts';
import { programsOf } from './programs-of.ts';
import { readScriptFolders } from './script-folders.ts';
import { startPoint, type StartHost, type StartPoint } from './start-point.ts';

const hookNames =
  /(::|^)(Pre-Invoke|Post-Invoke|Pre-Install-Pkgs|Post-Invoke-Success|Post-Invoke-Stats|Proxy-Auto-Detect|ProxyAutoDetect|InstallProgress|AptBoot.*)$/i;

/** Commands that package managers run, and scripts of kernel packages. */
export function* readPackageHooks(host: StartHost): Generator<StartPoint> {
  const { files } = host;
  const apt = files.list('/etc/apt/apt.conf.d').map((name) => `/etc/apt/apt.conf.d/${name}`);
  for (const path of ['/etc/apt/apt.conf', ...apt]) {
    for (const { name, value, line } of parseAptConf(files.readText(path) ?? '')) {
      if (hookNames.test(name) && value.trim() !== '') yield describeHook(path, line, name, value);
    }
  }
  const dpkg = files.list('/etc/dpkg/dpkg.cfg.d').map((name) => `/etc/dpkg/dpkg.cfg.d/${name}`);
  for (const path of ['/etc/dpkg/dpkg.cfg', ...dpkg]) {
    for (const [index, text] of (files.readText(path) ?? '').split('\n').slice(0, 10_000).entries()) {
      const [, name, value] = /^\s*-{0,2}(pre-invoke|post-invoke|status-logger)\s*[= ]\s*(.+)$/s.exec(text) ?? [];
      if (name !== undefined && value !== undefined)
        yield describeHook(path, index + 1, `dpkg ${name}`, value.replace(/^(["'])(.*)\1$/s, '$2'));
    }
  }
  yield* readScriptFolders(host, packageHookFolders);
}

function describeHook(path: string, line: number, name: string, command: string): StartPoint {
  return startPoint({ path, line, name, commands: [command], programs: programsOf(command), when: 'packages changed' });
}
