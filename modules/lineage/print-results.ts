import { line, type Line, type Row } from '../../src/module/line.ts';
import type { ModuleResult } from '../../src/protocol/result.ts';
import { drawTree } from './draw-tree.ts';
import type { Elements, ProcessElement, SourceElement, Statistics, StatusElement } from './elements.ts';
import { formatDuration } from './format-values.ts';
import { listOf, toRows } from './to-rows.ts';
import { unknownName } from './words.ts';

export function printResults(
  { elements, statistics, errors }: ModuleResult<Elements, Statistics>,
  { matchOnly, width }: { readonly matchOnly: boolean; readonly width?: number | undefined },
): readonly Line[] {
  const lines: Line[] = [];
  if (elements) {
    const isWhole = elements.question !== undefined;
    if (isWhole && !matchOnly)
      lines.push(line(`${elements.question}; times are UTC, ~ = inferred, not observed`, 'heading'));
    if (elements.status) lines.push(...printStatus(elements.status));
    lines.push(...drawTree({ ...elements, processes: listOf(elements.processes), gaps: listOf(elements.gaps) }, width));
    if (elements.omitted > 0) lines.push(line(`${elements.omitted} more processes fit and are not told`, 'warning'));
    lines.push(...explainUnseen(listOf(elements.processes), listOf(statistics?.sources)));
  }
  if (matchOnly) return lines;
  for (const error of errors ?? []) lines.push(line(`error: ${error}`, 'error'));
  if (statistics) {
    const { examined, matched, shown, gaps, sources, outOfOrder } = statistics;
    const heard = listOf(sources).join(', ') || 'no source';
    const counted = `${examined} looked at, ${matched} fit, ${shown} shown, ${gaps} gaps`;
    lines.push(line(`stat: ${counted}; heard from ${heard}, ${outOfOrder} events out of order`, 'quiet'));
  }
  return lines;
}

/** What would have told them. */
function explainUnseen(processes: readonly ProcessElement[], sources: readonly string[]): readonly Line[] {
  const unseen = processes.filter(
    ({ name, end, executionCount }) => name === unknownName && end !== null && executionCount > 0,
  ).length;
  if (unseen === 0 || sources.includes('audit')) return [];
  const were = unseen === 1 ? '1 was' : `${unseen} were`;
  return [
    line(
      `${were} gone before /proc could be read: "audit: true" of lineage in the agent's configuration tells what such ones run`,
      'quiet',
    ),
  ];
}

export function rows({ elements }: ModuleResult<Elements, Statistics>): readonly Row[] {
  return toRows(elements ?? {});
}

function printStatus(status: StatusElement): readonly Line[] {
  const { live, ended, placeholders, evicted, ambiguous, events, duplicates, outOfOrder } = status;
  const megabytes = (status.storedBytes / 2 ** 20).toFixed(1);
  const since = status.oldest === null ? '' : `, back to ${status.oldest}`;
  return [
    ...listOf(status.sources).map(printSource),
    line(`processes: ${live} live, ${ended} ended in memory, ${placeholders} whose birth was not told`, 'hit'),
    line(
      `events: ${events}, ${outOfOrder} out of order, ${duplicates} twice, ${status.corrections} told late, ${ambiguous} ambiguous`,
      'hit',
    ),
    line(`stored: ${status.storedProcesses} processes, ${status.storedEvents} events, ${megabytes} MiB${since}`, 'hit'),
    line(
      `gaps: ${status.gaps}, /proc compared ${status.sweeps} time${status.sweeps === 1 ? '' : 's'}`,
      status.gaps > 0 ? 'warning' : 'hit',
    ),
    ...(status.problem ? [line(`nothing is stored now: ${status.problem}`, 'error')] : []),
    ...(evicted > 0 ? [line(`left out for want of room: ${evicted}`, 'warning')] : []),
    ...(status.outOfScope > 0 ? [line(`not kept, outside of the configured root: ${status.outOfScope}`, 'quiet')] : []),
  ];
}

function printSource({ source, isWanted, isWorking, lacks, events, gaps, drops, behindMs }: SourceElement): Line {
  const missed =
    gaps > 0 ? `, ${gaps} gap${gaps === 1 ? '' : 's'} with ${drops} event${drops === 1 ? '' : 's'} missed` : '';
  const behind = typeof behindMs === 'number' && behindMs >= 1000 ? `, ${formatDuration(behindMs)} behind` : '';
  if (!isWanted) return line(`source ${source}: not used; ${lacks}`, 'quiet');
  const state = isWorking ? `${events} events${missed}${behind}` : 'does not work';
  return line(
    `source ${source}: ${state}${lacks ? `; ${lacks}` : ''}`,
    isWorking ? (gaps > 0 ? 'warning' : 'hit') : 'error',
  );
}
