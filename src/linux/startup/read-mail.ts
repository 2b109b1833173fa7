import type { HostFiles } from '../host/host-files.ts';
import { programsOf } from './programs-of.ts';
import { inHome, startPoint, type StartHost, type StartPoint } from './start-point.ts';

/** A command to which mail is given: aliases(5), procmailrc(5). */
export interface MailCommand {
  readonly command: string;
  /** From 1. */
  readonly line: number;
}

const shared = ['/etc/aliases', '/etc/mail/aliases', '/etc/postfix/aliases', '/etc/procmailrc'];
const own = ['.forward', '.procmailrc'];
const maxLines = 20_000;

/** What stands behind a |, with quotes around both, around the command, or none. */
export function parseMailCommands(text: string): readonly MailCommand[] {
  return text
    .split('\n')
    .slice(0, maxLines)
    .flatMap((raw, index): readonly MailCommand[] => {
      if (/^\s*#/.test(raw)) return [];
      const [, around, inside, plain] = /"\s*\|([^"]+)"|\|\s*"([^"]+)"|(?:^|[\s,:])\|([^",]+)/.exec(raw) ?? [];
      const command = (around ?? inside ?? plain ?? '').trim();
      return command === '' ? [] : [{ command, line: index + 1 }];
    });
}

/** Programs that mail starts when it comes. */
export function* readMail({ files, accounts }: StartHost): Generator<StartPoint | undefined> {
  for (const path of shared) yield* describeFile(files, path, 'whoever delivers mail');
  for (const account of accounts) {
    yield undefined;
    for (const name of own) yield* describeFile(files, inHome(account, name), account.name);
  }
}

function* describeFile(files: HostFiles, path: string, runsAs: string): Generator<StartPoint> {
  for (const { command, line } of parseMailCommands(files.readText(path) ?? '')) {
    const name = path.slice(path.lastIndexOf('/') + 1);
    yield startPoint({
      path,
      line,
      name,
      commands: [command],
      programs: programsOf(command),
      runsAs,
      when: 'arrival of mail',
    });
  }
}
