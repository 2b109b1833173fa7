import type { HostFiles } from '../host/host-files.ts';
import { startPoint, type StartHost, type StartPoint } from './start-point.ts';

/** A service that a program of inetd's kind starts when somebody connects: inetd(8), xinetd.conf(5). */
export interface InetdService {
  readonly name: string;
  readonly user: string;
  /** The program and its words. */
  readonly command: string;
  readonly programs: readonly string[];
  readonly isOff: boolean;
  /** From 1. */
  readonly line: number;
}

const maxLines = 20_000;

/** Lines of inetd.conf: SERVICE TYPE PROTOCOL WAIT USER PROGRAM WORDS. */
export function parseInetd(text: string): readonly InetdService[] {
  return text
    .split('\n')
    .slice(0, maxLines)
    .flatMap((raw, index): readonly InetdService[] => {
      const words = raw.trim().split(/\s+/).slice(0, 100);
      const [name = '', , , , user = '', program = ''] = words;
      if (name.startsWith('#') || program === '' || program === 'internal') return [];
      // tcpd is given the program it guards as its own name.
      const programs = [program, ...(program.endsWith('/tcpd') ? words.slice(6, 7) : [])];
      const command = words.slice(5).join(' ');
      return [{ name, user: user.split(/[.:]/)[0] ?? '', command, programs, isOff: false, line: index + 1 }];
    });
}

/** Blocks "service NAME { KEY = VALUE ... }" of xinetd. */
export function parseXinetd(text: string): readonly InetdService[] {
  const services: InetdService[] = [];
  let name: string | undefined;
  let [start, values] = [0, new Map<string, string>()];
  for (const [index, raw] of text.split('\n').slice(0, maxLines).entries()) {
    const line = raw.trim();
    const began = /^service\s+([^\s{]+)/.exec(line)?.[1];
    if (began !== undefined) [name, start, values] = [began, index + 1, new Map()];
    const [, key, value] = /^(\w+)\s*[+-]?=\s*(.*)$/s.exec(line) ?? [];
    if (key !== undefined && value !== undefined) values.set(key, value);
    if (!line.endsWith('}') || name === undefined) continue;
    const server = values.get('server');
    if (server !== undefined) {
      const command = [server, values.get('server_args') ?? ''].join(' ').trim();
      const isOff = /^yes$/i.test(values.get('disable') ?? '');
      services.push({ name, user: values.get('user') ?? 'root', command, programs: [server], isOff, line: start });
    }
    name = undefined;
  }
  return services;
}

export function* readInetd({ files }: StartHost): Generator<StartPoint> {
  yield* describe(files, '/etc/inetd.conf', parseInetd);
  const snippets = files.list('/etc/xinetd.d').map((name) => `/etc/xinetd.d/${name}`);
  for (const path of ['/etc/xinetd.conf', ...snippets]) yield* describe(files, path, parseXinetd);
}

function* describe(
  files: HostFiles,
  path: string,
  parse: (text: string) => readonly InetdService[],
): Generator<StartPoint> {
  for (const { name, user, command, programs, isOff, line } of parse(files.readText(path) ?? '')) {
    const state = isOff ? 'disabled' : 'enabled';
    yield startPoint({
      path,
      line,
      name,
      commands: [command],
      programs,
      runsAs: user,
      when: `connection to ${name}`,
      state,
    });
  }
}
