import { formatDuration } from '../../src/base/go-format.ts';
import { createPace } from '../../src/base/pace.ts';
import { readSshdConfig } from '../../src/linux/sshd/read-sshd-config.ts';
import type { RunContext, RunOutcome } from '../../src/module/run.ts';
import { describeServer } from './describe-server.ts';
import type { Elements, Statistics } from './elements.ts';
import { parseFingerprint } from './fingerprint-query.ts';
import { createFindings } from './findings.ts';
import { defaultRoots, rootsOfPaths } from './find-roots.ts';
import { systemHost, type Host } from './host.ts';
import { createLoginIndex } from './login-index.ts';
import type { Params } from './params.ts';
import { createProblems } from './problems.ts';
import { searchKeys } from './search-keys.ts';
import { createWantedKeys } from './wanted-keys.ts';

/** MIG's. */
const defaultDepth = 8;

export async function run(params: Params, context: RunContext<Elements>): Promise<RunOutcome<Elements, Statistics>> {
  return runOn(systemHost, params, context);
}

/** The same on any host's files. What cannot be read is a soft error; what was found until a stop is returned. */
export async function runOn(
  host: Host,
  params: Params,
  context: RunContext<Elements>,
): Promise<RunOutcome<Elements, Statistics>> {
  const { clock, signal, progress } = context;
  const startedMs = clock.monotonicMs();
  const problems = createProblems();
  const findings = createFindings(params, progress);
  const settings = readSshdConfig(host.sshFolder, problems.add);
  const logins = createLoginIndex(host, settings, problems, clock.nowMs());
  const isDefault = (params.paths ?? []).length === 0;
  const roots = isDefault ? defaultRoots(host, logins, settings, problems) : rootsOfPaths(params.paths ?? [], problems);
  const { examined, candidates } = await searchKeys(roots, {
    maxDepth: params.maxdepth === undefined || params.maxdepth === 0 ? defaultDepth : params.maxdepth,
    wanted: createWantedKeys(params.types ?? [], { wantsKnownHosts: params.knownhosts ?? false }),
    settings,
    logins,
    findings,
    problems,
    progress,
    pace: createPace({ clock, signal }),
    nowMs: clock.nowMs(),
  });
  if (signal.aborted) problems.add('stopped before everything was looked at');
  const { keys, total, cut } = findings.summary();
  if (cut !== undefined) problems.add(cut);
  const fingerprints = (params.fingerprints ?? []).flatMap((text) => parseFingerprint(text) ?? []);
  const server = isDefault ? describeServer(settings) : [];
  return {
    foundAnything: keys.length > 0,
    elements: {
      keys: keys.length === 0 ? null : keys,
      ...(server.length === 0 ? {} : { server }),
      ...(fingerprints.length === 0 ? {} : { fingerprints }),
    },
    statistics: {
      examined,
      candidates,
      keys: total,
      unreadable: problems.unreadableCount(),
      exectime: formatDuration(clock.monotonicMs() - startedMs),
    },
    errors: problems.list(),
  };
}
