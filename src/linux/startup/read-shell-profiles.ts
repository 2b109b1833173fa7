import type { HostFiles } from '../host/host-files.ts';
import { homeScriptFolders, shellFolders } from './folders-by-kind.ts';
import { readScriptFolders, readScripts } from './script-folders.ts';
import { inHome, startPoint, type StartHost, type StartPoint } from './start-point.ts';

const everybody = 'whoever logs in';

/** Read by every shell of its kind. */
const systemProfiles: readonly (readonly [path: string, when: string])[] = [
  ['/etc/profile', 'login shell'],
  ['/etc/bash.bashrc', 'bash'],
  ['/etc/bashrc', 'bash'],
  ['/etc/bash.bash_logout', 'end of bash'],
  ['/etc/bash/bashrc', 'bash'],
  ['/etc/ksh.kshrc', 'ksh'],
  ['/etc/csh.cshrc', 'csh'],
  ['/etc/csh.login', 'csh login'],
  ['/etc/fish/config.fish', 'fish shell'],
  ...['', 'zsh/'].flatMap((folder) =>
    ['zshenv', 'zprofile', 'zshrc', 'zlogin', 'zlogout'].map((name) => [`/etc/${folder}${name}`, 'zsh'] as const),
  ),
];

/** In homes. */
const ownProfiles: readonly (readonly [name: string, when: string])[] = [
  ['.profile', 'login shell'],
  ['.bashrc', 'bash'],
  ['.bash_profile', 'login shell'],
  ['.bash_login', 'login shell'],
  ['.bash_logout', 'end of bash'],
  ['.bash_aliases', 'bash'],
  ['.zshenv', 'zsh'],
  ['.zprofile', 'zsh'],
  ['.zshrc', 'zsh'],
  ['.zlogin', 'zsh'],
  ['.zlogout', 'zsh'],
  ['.kshrc', 'ksh'],
  ['.mkshrc', 'ksh'],
  ['.cshrc', 'csh'],
  ['.tcshrc', 'tcsh'],
  ['.login', 'csh login'],
  ['.logout', 'end of csh'],
  ['.config/fish/config.fish', 'fish shell'],
  ['.xprofile', 'graphical login'],
  ['.xinitrc', 'graphical login'],
  ['.xsession', 'graphical login'],
  ['.xsessionrc', 'graphical login'],
];

/** Files of variables, not code: told when they load libraries. */
const environments = [
  '/etc/environment',
  '/etc/security/pam_env.conf',
  '/etc/default/locale',
  '/etc/systemd/system.conf',
  '/etc/systemd/user.conf',
];
const environmentFolders = [
  ...['/etc', '/run', '/usr/local/lib', '/usr/lib'].map((place) => `${place}/environment.d`),
  ...['/etc', '/run', '/usr/local/lib', '/usr/lib'].flatMap((place) =>
    ['system', 'user'].map((manager) => `${place}/systemd/${manager}.conf.d`),
  ),
];

export function* readShellProfiles(host: StartHost): Generator<StartPoint | undefined> {
  yield* readScripts(
    host,
    systemProfiles.map(([path, when]) => ({ path, when, runsAs: everybody })),
  );
  yield* readScriptFolders(host, shellFolders);
  yield* readScripts(
    host,
    ownProfiles.map(([name, when]) => ({
      path: `/etc/skel/${name}`,
      when: `copied into new homes: ${when}`,
      runsAs: 'new accounts',
    })),
  );
  yield* readEnvironments(host);
  for (const account of host.accounts) {
    yield undefined;
    const { name } = account;
    const at = (file: string): string => inHome(account, file);
    yield* readScripts(
      host,
      ownProfiles.map(([file, when]) => ({ path: at(file), when, runsAs: name })),
    );
    yield* readScriptFolders(
      host,
      homeScriptFolders.map((folder) => ({ ...folder, folder: at(folder.folder), runsAs: name })),
    );
  }
}

function* readEnvironments({ files, accounts }: StartHost): Generator<StartPoint | undefined> {
  const filesIn = (folder: string): readonly string[] => files.list(folder).map((name) => `${folder}/${name}`);
  yield* readVariables(files, [...environments, ...environmentFolders.flatMap(filesIn)], everybody);
  for (const account of accounts) {
    const own = ['.pam_environment', '.ssh/environment'].map((name) => inHome(account, name));
    yield* readVariables(files, [...own, ...filesIn(inHome(account, '.config/environment.d'))], account.name);
  }
}

function* readVariables(files: HostFiles, paths: readonly string[], runsAs: string): Generator<StartPoint | undefined> {
  for (const path of paths) {
    yield undefined;
    for (const [index, text] of (files.readText(path) ?? '').split('\n').entries()) {
      const libraries =
        /^\s*(?:export\s+|(?:Default|Manager)Environment=(?:.*[\s"'])?)?(LD_PRELOAD|LD_AUDIT|LD_LIBRARY_PATH)(?:\s+\w+=|=|\s)\s*"?([^"']*)/.exec(
          text,
        );
      if (!libraries) continue;
      yield startPoint({
        path,
        line: index + 1,
        name: libraries[1] ?? '',
        commands: [text.trim()],
        programs: (libraries[2] ?? '')
          .split(/[\s:]+/)
          .filter((word) => word.startsWith('/'))
          .slice(0, 20),
        runsAs,
        when: 'login',
        notes: ['sets variables that load libraries into every program'],
      });
    }
  }
}
