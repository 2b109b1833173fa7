import { line, type Line, type Row } from '../../src/module/line.ts';
import type { ModuleResult } from '../../src/protocol/result.ts';
import { restartOutcomeSchema, type RestartOutcome } from '../../src/protocol/restart-outcome.ts';

export function printResults(
  { elements, errors }: ModuleResult<RestartOutcome, null>,
  { matchOnly }: { readonly matchOnly: boolean },
): readonly Line[] {
  const outcome = readOutcome(elements);
  const lines: Line[] = [];
  if (outcome && outcome.state !== 'failed') lines.push(line(formatRestart(outcome), 'hit'));
  if (matchOnly) return lines;
  for (const error of errors ?? []) lines.push(line(`[error] ${error}`, 'error'));
  if (!outcome) return lines;
  const { state, requester, source, requestedat, method, unit, forced } = outcome;
  lines.push(line(`asked for by ${requester} through ${source} at ${requestedat}`, 'quiet'));
  if (method !== undefined) lines.push(line(`by ${method}${unit === undefined ? '' : ` ${unit}`}`, 'quiet'));
  if (forced) lines.push(line('it did not end in time and was killed', 'error'));
  lines.push(line(`restart: ${state}`, state === 'success' ? 'quiet' : 'error'));
  return lines;
}

/** "agent restarted: pid 812 -> 840 in 640 ms". */
function formatRestart({ module = 'agent', oldpid, newpid, durationms, forced }: RestartOutcome): string {
  const took = durationms === undefined ? '' : ` in ${Math.round(durationms)} ms`;
  return `${module} restarted: pid ${oldpid ?? 'none'} -> ${newpid ?? 'none'}${took}${forced ? ', killed' : ''}`;
}

export function rows({ elements }: ModuleResult<RestartOutcome, null>): readonly Row[] {
  const outcome = readOutcome(elements);
  if (!outcome) return [];
  const { state, module, oldpid, newpid, durationms, forced, method, unit, requester, source, requestedat, reason } =
    outcome;
  return [
    {
      state,
      module: module ?? '',
      oldpid: oldpid ?? '',
      newpid: newpid ?? '',
      durationms: durationms ?? '',
      forced,
      method: method ?? '',
      unit: unit ?? '',
      requester,
      source,
      requestedat,
      reason: reason ?? '',
    },
  ];
}

function readOutcome(elements: unknown): RestartOutcome | undefined {
  const read = restartOutcomeSchema.safeParse(elements);
  return read.success ? read.data : undefined;
}
