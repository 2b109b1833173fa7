import { formatDuration } from '../../src/base/go-format.ts';
import { describeDoubtful } from '../../src/linux/packages/describe-doubtful.ts';
import { readInstallTime } from '../../src/linux/packages/read-install-time.ts';
import { emptyList, type Package } from '../../src/linux/packages/package.ts';
import { readPackages } from '../../src/linux/packages/read-packages.ts';
import type { RunContext, RunOutcome } from '../../src/module/run.ts';
import { createCondition } from './condition.ts';
import type { Elements, Item, Statistics } from './elements.ts';
import type { Params } from './params.ts';

const maxItems = 100_000;

export async function run(params: Params, context: RunContext<Elements>): Promise<RunOutcome<Elements, Statistics>> {
  return runOn('/', params, context);
}

/** The same on the system below a folder. */
export async function runOn(
  root: string,
  params: Params,
  context: RunContext<Elements>,
): Promise<RunOutcome<Elements, Statistics>> {
  const startedMs = context.clock.monotonicMs();
  const errors: string[] = [];
  const { packages, doubtful, problems } = context.signal.aborted ? stopped : readPackages({ root });
  errors.push(...problems);
  if (packages.length === 0 && problems.length === 0) {
    errors.push('expected a database of dpkg, rpm or apk, found none: packages of other managers are not seen');
  }
  const condition = createCondition(params);
  errors.push(...describeDoubtful(doubtful.filter(condition.matchesName)));
  const found = uniquePackages(packages.filter(condition.matches));
  if (found.length > maxItems) errors.push(`${found.length} packages found, the first ${maxItems} are listed`);
  const items = found.slice(0, maxItems).map((one) => toItem(one, { root, details: params.details ?? false }));
  context.progress.examined(packages.length);
  for (const item of items) context.progress.hit({ packages: [item] });
  return {
    foundAnything: items.length > 0,
    elements: { packages: items },
    statistics: {
      execruntime: formatDuration(context.clock.monotonicMs() - startedMs),
      examined: packages.length,
    },
    errors: [...errors, ...condition.notices()],
  };
}

const stopped = { ...emptyList, problems: ['stopped before the packages were read'] };

/** Each package once, though it may stand in two databases. */
function uniquePackages(packages: readonly Package[]): readonly Package[] {
  const byFacts = new Map(packages.map((one) => [[one.kind, one.name, one.version, one.arch].join('\n'), one]));
  return [...byFacts.values()];
}

function toItem(one: Package, { root, details }: { readonly root: string; readonly details: boolean }): Item {
  const { name, version, kind: type, arch, source, status } = one;
  if (!details) return { name, version, type, arch };
  const installedMs = readInstallTime(one, { root });
  return {
    name,
    version,
    type,
    arch,
    ...(source === undefined ? {} : { source }),
    ...(installedMs === undefined ? {} : { installed: formatTime(installedMs) }),
    ...(status === undefined ? {} : { status }),
  };
}

/** To the second, which is all that databases have. */
function formatTime(ms: number): string {
  return new Date(ms).toISOString().replace(/\.\d+Z$/, 'Z');
}
