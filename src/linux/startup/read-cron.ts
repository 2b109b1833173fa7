import type { HostFiles } from '../host/host-files.ts';
import { parseAnacrontab, parseCrontab, type CronJob } from './parse-crontab.ts';
import { programsOf } from './programs-of.ts';
import { startPoint, type StartHost, type StartPoint } from './start-point.ts';

/** Crontabs of users: Debian, Red Hat, SUSE, Alpine. */
const spools = ['/var/spool/cron/crontabs', '/var/spool/cron', '/var/spool/cron/tabs', '/etc/crontabs'];

/** Jobs of cron and anacron; scripts of cron.daily and the like are folders of scripts. */
export function* readCron({ files }: StartHost): Generator<StartPoint> {
  const system = ['/etc/crontab', ...files.list('/etc/cron.d').map((name) => `/etc/cron.d/${name}`)];
  for (const path of system) yield* readTable(files, path);
  const seen = new Set<string>();
  for (const spool of spools) {
    for (const name of files.list(spool)) {
      const path = `${spool}/${name}`;
      const place = files.resolve(path);
      if (place === undefined || seen.has(place) || !files.stat(place)?.isFile()) continue;
      seen.add(place);
      yield* readTable(files, path, name);
    }
  }
  const anacrontab = files.readText('/etc/anacrontab') ?? '';
  for (const job of parseAnacrontab(anacrontab)) yield describeJob(job, '/etc/anacrontab', []);
}

/** `user`: the account whose own table it is. */
function* readTable(files: HostFiles, path: string, user?: string): Generator<StartPoint> {
  const text = files.readText(path);
  if (text === undefined) return;
  const { jobs, variables, unparsed } = parseCrontab(text, { withUser: user === undefined });
  files.problems.addUnparsed(path, unparsed);
  const notes = [
    ...(['LD_PRELOAD', 'LD_LIBRARY_PATH', 'LD_AUDIT'].some((name) => variables.has(name))
      ? ['sets variables that load libraries into what it starts']
      : []),
    // cron of Debian and cronie leave these out: whoever put them there may not know, or wants them to look forgotten.
    ...(/\/cron\.d\/.*(~|\.(bak|dpkg-\w+|rpm\w+|swp))$/.test(path) ? ['its name keeps cron from reading it'] : []),
  ];
  for (const job of jobs) yield describeJob({ ...job, user: job.user ?? user }, path, notes);
}

function describeJob({ when, user, command, line }: CronJob, path: string, notes: readonly string[]): StartPoint {
  return startPoint({
    path,
    line,
    name: path.slice(path.lastIndexOf('/') + 1),
    commands: [command],
    // Behind an unescaped % stands input.
    programs: programsOf(command.split(/(?<!\\)%/, 1)[0] ?? ''),
    runsAs: user ?? 'root',
    when,
    notes,
  });
}
