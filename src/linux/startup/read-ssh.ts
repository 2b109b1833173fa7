import { keyPlacesOf } from '../sshd/login-rules.ts';
import { readAuthorizedKeys } from '../sshd/read-authorized-keys.ts';
import { readSshdConfig } from '../sshd/read-sshd-config.ts';
import { programsOf } from './programs-of.ts';
import { readScripts } from './script-folders.ts';
import { inHome, startPoint, type StartHost, type StartPoint } from './start-point.ts';

const serverWords = /^(ForceCommand|AuthorizedKeysCommand|AuthorizedPrincipalsCommand|Subsystem|Banner)$/i;
const clientWords = /^(ProxyCommand|LocalCommand|KnownHostsCommand)$/i;

/** A setting of sshd_config or ssh_config that names a command. */
export interface SshCommand {
  readonly word: string;
  readonly command: string;
  readonly line: number;
}

export function parseSshCommands(text: string, words: RegExp): readonly SshCommand[] {
  return text
    .split('\n')
    .slice(0, 20_000)
    .flatMap((raw, index): readonly SshCommand[] => {
      const [, word = '', value = ''] = /^\s*([A-Za-z]+)(?:\s*=\s*|\s+)(.*)$/s.exec(raw) ?? [];
      const command = /^subsystem$/i.test(word) ? value.replace(/^\S+\s*/, '') : value;
      const says = words.test(word) && command !== '' && !/^(none|internal-sftp\b.*)$/i.test(command.trim());
      return says ? [{ word, command: command.trim(), line: index + 1 }] : [];
    });
}

/** Commands of the SSH server and client, keys that run a command in place of a shell, and the scripts that a login runs. */
export function* readSsh(host: StartHost): Generator<StartPoint | undefined> {
  const { files, accounts, logins } = host;
  yield* readScripts(host, [{ path: '/etc/ssh/sshrc', when: 'login over SSH', runsAs: 'whoever logs in' }]);
  yield* readCommands(host, serverFiles(host), 'root', 'login over SSH');
  yield* readCommands(host, ['/etc/ssh/ssh_config'], 'whoever uses ssh', 'use of ssh');
  for (const account of accounts) {
    yield undefined;
    const { name } = account;
    yield* readScripts(host, [{ path: inHome(account, '.ssh/rc'), when: 'login over SSH', runsAs: name }]);
    yield* readCommands(host, [inHome(account, '.ssh/config')], name, 'use of ssh');
  }
  const settings = readSshdConfig('/etc/ssh', files.problems.add, files);
  for (const login of logins) {
    yield undefined;
    const paths = keyPlacesOf(login, settings).map(({ path }) => path);
    for (const path of new Set(paths)) yield* readKeys(host, path, login.name);
  }
}

function serverFiles({ files }: StartHost): readonly string[] {
  const snippets = files.list('/etc/ssh/sshd_config.d').filter((name) => name.endsWith('.conf'));
  return ['/etc/ssh/sshd_config', ...snippets.map((name) => `/etc/ssh/sshd_config.d/${name}`)];
}

function* readCommands(
  { files }: StartHost,
  paths: readonly string[],
  runsAs: string,
  when: string,
): Generator<StartPoint> {
  for (const path of paths) {
    const isServer = path.includes('sshd_config');
    for (const { word, command, line } of parseSshCommands(
      files.readText(path) ?? '',
      isServer ? serverWords : clientWords,
    )) {
      if (/^banner$/i.test(word)) continue;
      yield startPoint({ path, line, name: word, commands: [command], programs: programsOf(command), runsAs, when });
    }
  }
}

function* readKeys({ files }: StartHost, path: string, runsAs: string): Generator<StartPoint> {
  for (const { options, comment, line } of readAuthorizedKeys(files, path) ?? []) {
    const command = options.find(({ name }) => name === 'command')?.value;
    const loads = options.flatMap(({ name, value }) =>
      name === 'environment' && value?.startsWith('LD_') ? [`environment="${value}"`] : [],
    );
    if (command === undefined && loads.length === 0) continue;
    yield startPoint({
      path,
      line,
      name: comment === '' ? 'key' : comment.slice(0, 100),
      commands: command === undefined ? [loads.join(',').slice(0, 1000)] : [command],
      programs: command === undefined ? [] : programsOf(command),
      runsAs,
      when: 'login with this key',
      notes: loads.length > 0 ? ['sets variables that load libraries into what it starts'] : [],
    });
  }
}
