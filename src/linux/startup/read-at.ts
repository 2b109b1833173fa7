import { parseAtJob } from './parse-at-job.ts';
import { programsOf } from './programs-of.ts';
import { startPoint, type StartHost, type StartPoint } from './start-point.ts';

const spools = ['/var/spool/cron/atjobs', '/var/spool/at', '/var/spool/atjobs'];

export function* readAt({ files, names }: StartHost): Generator<StartPoint | undefined> {
  for (const spool of spools) {
    for (const name of files.list(spool)) {
      yield undefined;
      const path = `${spool}/${name}`;
      const job = files.stat(path)?.isFile() ? parseAtJob(name, files.readText(path) ?? '') : undefined;
      if (!job) continue;
      yield startPoint({
        path,
        name,
        commands: [job.command],
        programs: programsOf(job.command),
        runsAs: job.uid === undefined ? '' : (names.get(job.uid) ?? String(job.uid)),
        when: `once at ${new Date(job.timeMs).toISOString().replace('.000Z', 'Z')}`,
      });
    }
  }
}
