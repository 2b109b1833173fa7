import { parseAnacrontab, parseCrontab, type CronJob } from './parse-crontab.ts';
import { loadedLibraries } from './loaded-libraries.ts';
import { programsOf } from './programs-of.ts';
import { createIsSkipped } from './skipped-names.ts';
import { startPoint, type StartHost, type StartPoint } from './start-point.ts';

/** Crontabs of users: Debian, Red Hat, SUSE, Alpine. */
const spools = ['/var/spool/cron/crontabs', '/var/spool/cron', '/var/spool/cron/tabs', '/etc/crontabs'];

/** Jobs of cron and anacron; scripts of cron.daily and the like are folders of scripts. */
export function* readCron(host: StartHost): Generator<StartPoint> {
  const { files } = host;
  yield* readTable(host, { path: '/etc/crontab' });
  const isSkipped = createIsSkipped(files);
  for (const name of files.list('/etc/cron.d'))
    yield* readTable(host, { path: `/etc/cron.d/${name}`, isSkipped: isSkipped(name) });
  const seen = new Set<string>();
  for (const spool of spools) {
    for (const name of files.list(spool)) {
      const path = `${spool}/${name}`;
      const place = files.resolve(path) ?? path;
      if (seen.has(place) || files.stat(path)?.isDirectory()) continue;
      seen.add(place);
      yield* readTable(host, { path, user: name });
    }
  }
  const anacrontab = files.readText('/etc/anacrontab') ?? '';
  for (const job of parseAnacrontab(anacrontab)) yield describeJob(job, { path: '/etc/anacrontab' });
}

interface Table {
  readonly path: string;
  /** The account whose own table it is. */
  readonly user?: string;
  /** True where its name keeps cron from reading it. */
  readonly isSkipped?: boolean;
}

function* readTable({ files, lacksAccount }: StartHost, table: Table): Generator<StartPoint> {
  const { path, user, isSkipped = false } = table;
  const deniedBefore = files.problems.denied();
  const text = files.readText(path);
  if (text === undefined) {
    if (files.problems.denied() === deniedBefore) yield* describeOther({ files }, table);
    return;
  }
  const { jobs, variables, unparsed } = parseCrontab(text, { withUser: user === undefined });
  files.problems.addUnparsed(path, unparsed);
  const { notes, programs } = loadedLibraries([...variables].map(([name, value]) => `${name}=${value}`));
  for (const job of jobs) {
    const runsAs = job.user ?? user ?? 'root';
    const isLost = lacksAccount(runsAs);
    const point = describeJob({ ...job, user: runsAs }, table);
    yield {
      ...point,
      programs: [...point.programs, ...programs],
      state: isSkipped || isLost ? 'disabled' : 'enabled',
      notes: [
        ...notes,
        // Whoever put it there may not know, or wants it to look forgotten.
        ...(isSkipped ? ['its name keeps cron from reading it'] : []),
        ...(isLost ? [`the account ${runsAs} does not exist`] : []),
      ],
    };
  }
}

/** What stands where a table should, and is none: a FIFO, a device, a link in a circle, or to a file of the kernel. */
function* describeOther({ files }: Pick<StartHost, 'files'>, { path, user }: Table): Generator<StartPoint> {
  const isThere = files.lstat(path) !== undefined && !files.stat(path)?.isDirectory();
  const isMasked = files.resolve(path) === '/dev/null';
  if (!isThere) return;
  yield startPoint({
    path,
    name: nameOf(path),
    when: 'never',
    runsAs: user ?? 'root',
    state: isMasked ? 'masked' : 'disabled',
    notes: isMasked ? [] : ['is no file that cron could read'],
  });
}

function describeJob({ when, user, command, line }: CronJob, { path }: Table): StartPoint {
  return startPoint({
    path,
    line,
    name: nameOf(path),
    commands: [command],
    // Behind an unescaped % stands input.
    programs: programsOf(command.split(/(?<!\\)%/, 1)[0] ?? ''),
    runsAs: user ?? 'root',
    when,
  });
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
