import { formatDuration } from '../../src/base/go-format.ts';
import { createPace, type Pace } from '../../src/base/pace.ts';
import { openPackageFiles } from '../../src/linux/packages/package-files.ts';
import type { RunContext, RunOutcome } from '../../src/module/run.ts';
import { describePoint, factsOf } from './describe-point.ts';
import type { Elements, Point, Statistics } from './elements.ts';
import { createExaminer, type Examiner } from './examine-files.ts';
import { findPoints, type FoundPoint } from './find-points.ts';
import { createHasher } from './hash-files.ts';
import { openHost, type Host } from './host.ts';
import { judgePoint, type Circumstances, type NamedProgram } from './judge-point.ts';
import type { Params } from './params.ts';
import { compareWithModels, modelsOf } from './compare-with-models.ts';
import { findProgram } from './find-program.ts';
import { createSelection, type Selection } from './select-points.ts';
import { createSuspiciousText } from './suspicious-text.ts';

const maxListed = 20_000;

export async function run(params: Params, context: RunContext<Elements>): Promise<RunOutcome<Elements, Statistics>> {
  return runOn(openHost(), params, context);
}

/** The same on any host's files. Whatever cannot be read is a soft error; what was found until a stop is returned. */
export async function runOn(
  host: Host,
  params: Params,
  context: RunContext<Elements>,
): Promise<RunOutcome<Elements, Statistics>> {
  const startedMs = context.clock.monotonicMs();
  const nowMs = context.clock.nowMs();
  const { problems } = host.files;
  // A single file or folder takes its time on top of this.
  const pace = createPace({ ...context, everyMs: 25 });
  const selection = createSelection(params, nowMs);
  const { candidates, examined } = await findCandidates(host, params, selection, pace);

  const places = await resolvePaths(host, candidates, pace);
  const packages = openPackageFiles({ root: host.root, paths: [...places] });
  if (places.size > 0 && !hasPackageDatabase(host)) {
    problems.add('no database of packages was found: no file counts as packaged');
  }
  const hasher = createHasher(host.files, pace);
  const examiner = createExaminer(host, packages, hasher);
  const circumstances = { host, texts: createSuspiciousText(), nowMs };
  const points: Point[] = [];
  let total = 0;
  for (const candidate of candidates) {
    if (pace.isDue()) await pace.rest();
    if (pace.signal.aborted) break;
    const point = await examinePoint(candidate, { selection, examiner, circumstances });
    if (!point || pace.signal.aborted) continue;
    total++;
    if (points.length >= maxListed) continue;
    points.push(point);
    context.progress.hit({ points: [point] });
  }
  if (pace.signal.aborted) problems.add('stopped before every start point was looked at');
  if (total > points.length) problems.add(`${total} start points found, the first ${points.length} are listed`);
  context.progress.examined(examined);
  return {
    foundAnything: total > 0,
    elements: { points },
    statistics: {
      examined,
      hashedfiles: hasher.files(),
      hashedbytes: hasher.bytes(),
      exectime: formatDuration(context.clock.monotonicMs() - startedMs),
      totalhits: total,
    },
    errors: [...problems.list(), ...packages.problems()],
  };
}

/** Where the files are of which packages will be asked. */
async function resolvePaths({ files }: Host, candidates: readonly Candidate[], pace: Pace): Promise<Set<string>> {
  const places = new Set<string>();
  for (const { found, programs } of candidates) {
    if (pace.isDue()) await pace.rest();
    if (pace.signal.aborted) break;
    const { path } = found.point;
    for (const one of [path, ...modelsOf(path), ...programs]) {
      const place = files.resolve(one);
      if (place !== undefined) places.add(place);
    }
  }
  // Opening the databases of packages is one long step.
  await pace.rest();
  return places;
}

/** dpkg, distroless images, apk, rpm. */
const packageDatabases = [
  '/var/lib/dpkg/status',
  '/var/lib/dpkg/status.d',
  '/lib/apk/db/installed',
  '/usr/lib/apk/db/installed',
  '/var/lib/rpm',
  '/usr/lib/sysimage/rpm',
];

function hasPackageDatabase({ files }: Host): boolean {
  return packageDatabases.some((path) => files.stat(path) !== undefined);
}

/** A point that its texts do not rule out, and the paths of its programs. */
interface Candidate {
  readonly found: FoundPoint;
  readonly programs: readonly string[];
}

async function findCandidates(
  host: Host,
  params: Params,
  selection: Selection,
  pace: Pace,
): Promise<{ readonly candidates: readonly Candidate[]; readonly examined: number }> {
  const candidates: Candidate[] = [];
  let examined = 0;
  for await (const found of findPoints(host, params.kinds ?? [], pace)) {
    examined++;
    const { point } = found;
    const programs = [...new Set(point.programs.map((program) => findProgram(host, program)))].slice(0, 20);
    if (selection.acceptsText(point, programs)) candidates.push({ found, programs });
  }
  return { candidates, examined };
}

interface Work {
  readonly selection: Selection;
  readonly examiner: Examiner;
  readonly circumstances: Circumstances;
}

async function examinePoint({ found, programs }: Candidate, work: Work): Promise<Point | undefined> {
  const { selection, examiner, circumstances } = work;
  const { files } = circumstances.host;
  const { point, kind } = found;
  const isMasked = point.state === 'masked';
  // A masked unit is a link to /dev/null, whose facts say nothing of it: only those of the link do.
  const own = isMasked ? files.lstat(point.path) : files.stat(point.path);
  // The kernel's own files are as old as the last look at them.
  const ownTimes = /^\/(proc|sys)\//.test(point.path) ? [] : [own];
  // A folder of libraries changes whenever a package comes or goes.
  const named = programs.map((path) => files.stat(path)).filter((stats) => !stats?.isDirectory());
  if (!selection.acceptsTimes([...ownTimes, ...named].flatMap((stats) => stats?.mtimeMs ?? []))) return undefined;
  const file = isMasked ? undefined : await examiner.examine(point.path);
  const examined: NamedProgram[] = [];
  for (const path of programs) examined.push({ path, examined: await examiner.examine(path) });
  const facts = kind === 'shell' ? await compareWithModels(point.path, file, examiner) : factsOf(file);
  const notes = judgePoint(point, file && { ...file, facts }, examined, circumstances);
  const shown = isMasked && own ? examiner.describeLink(own) : facts;
  const described = describePoint(found, shown, examined, notes);
  return selection.acceptsPoint(described) ? described : undefined;
}
