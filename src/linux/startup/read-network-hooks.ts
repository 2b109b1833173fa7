import { networkFolders } from './folders-by-kind.ts';
import { programsOf } from './programs-of.ts';
import { readScriptFolders, readScripts } from './script-folders.ts';
import { startPoint, type StartHost, type StartPoint } from './start-point.ts';

const scripts = [
  '/etc/dhcpcd.enter-hook',
  '/etc/dhcpcd.exit-hook',
  '/etc/ppp/ip-up',
  '/etc/ppp/ip-down',
  '/etc/ppp/ip-up.local',
  '/etc/ppp/ip-down.local',
  '/sbin/ifup-local',
  '/sbin/ifdown-local',
];

/** Scripts and commands that run when the network changes. */
export function* readNetworkHooks(host: StartHost): Generator<StartPoint> {
  yield* readScriptFolders(host, networkFolders);
  yield* readScripts(
    host,
    scripts.map((path) => ({ path, when: 'change of the network' })),
  );
  const { files } = host;
  const snippets = files.list('/etc/network/interfaces.d').map((name) => `/etc/network/interfaces.d/${name}`);
  for (const path of ['/etc/network/interfaces', ...snippets]) {
    for (const [index, text] of (files.readText(path) ?? '').split('\n').slice(0, 10_000).entries()) {
      const [, when, command] = /^\s*(up|down|pre-up|pre-down|post-up|post-down)\s+(.+)$/s.exec(text) ?? [];
      if (when === undefined || command === undefined) continue;
      const programs = programsOf(command);
      yield startPoint({
        path,
        line: index + 1,
        name: when,
        commands: [command],
        programs,
        when: `network interface ${when}`,
      });
    }
  }
}
