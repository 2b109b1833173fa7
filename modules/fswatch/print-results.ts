import { line, type Line, type Row } from '../../src/module/line.ts';
import type { ModuleResult } from '../../src/protocol/result.ts';
import type { Elements, RecordElement, Statistics } from './elements.ts';

export function printResults(
  { success, elements, statistics, errors }: ModuleResult<Elements, Statistics>,
  { matchOnly }: { readonly matchOnly: boolean },
): readonly Line[] {
  const isOk = success && elements?.ok === true;
  const lines: Line[] = [];
  if (elements !== null || !success) lines.push(line(`ok:${isOk}`, isOk ? 'hit' : 'error'));
  if (elements?.record) lines.push(...printRecord(elements.record));
  for (const { n, at, severity, text, times } of elements?.changes ?? []) {
    lines.push(line(`${n} ${at} ${severity}: ${text}${times > 1 ? ` (${times} times)` : ''}`, 'hit'));
  }
  if (matchOnly) return lines;
  for (const error of errors ?? []) lines.push(line(`error: ${error}`, 'error'));
  if (elements?.state) lines.push(...printState(elements));
  for (const problem of elements?.problems ?? []) lines.push(line(`problem: ${problem}`, 'error'));
  if (statistics) {
    const { events, overflows, alerts, checksums, checksumBytes } = statistics;
    lines.push(
      line(
        `stat: ${events} events, ${overflows} overflows, ${alerts} alerts, ${checksums} checksums of ${checksumBytes} bytes`,
        'quiet',
      ),
    );
  }
  return lines;
}

export function rows({ success, elements }: ModuleResult<Elements, Statistics>): readonly Row[] {
  if (elements === null) return [];
  const changes = elements.changes ?? [];
  const ok = success && elements.ok;
  if (changes.length === 0) return [{ ok, n: '', at: '', severity: '', text: '', times: '' }];
  return changes.map(({ n, at, severity, text, times }) => ({ ok, n, at, severity, text, times }));
}

function printState({
  way,
  state,
  paths,
  objects,
  folders,
  unwatchedFolders,
  pending,
  untold,
}: Elements): readonly Line[] {
  return [
    line(`${state} by ${way}: ${objects} objects, ${folders} folders watched, ${unwatchedFolders} only compared`),
    line(`${pending} objects not settled, ${untold} changes not told`),
    ...(paths ?? []).map(({ path, recursive, state, leadsTo }) =>
      line(`${recursive ? 'recursive:' : ''}${path} ${state}${leadsTo === undefined ? '' : `, leads to ${leadsTo}`}`),
    ),
  ];
}

function printRecord(record: RecordElement): readonly Line[] {
  const { path, type, size, modified, changed, inode, mode, uid, gid, sha256, target } = record;
  return [
    line(
      `${path} is a ${type}${target === undefined ? '' : ` to ${target}`}, ${size} bytes, ${mode} ${uid}:${gid}, inode ${inode}`,
      'hit',
    ),
    line(`${path} sha256 ${sha256 ?? 'unknown'}`, 'hit'),
    line(`${path} modified ${modified}, changed ${changed}`, 'hit'),
  ];
}
