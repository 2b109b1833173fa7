import { line, type Line, type Row } from '../../src/module/line.ts';
import type { ModuleResult } from '../../src/protocol/result.ts';
import type { Elements, Match, Statistics } from './elements.ts';

export function printResults(
  { elements, statistics, errors }: ModuleResult<Elements, Statistics>,
  { matchOnly }: { readonly matchOnly: boolean },
): readonly Line[] {
  const lines: Line[] = [];
  for (const [label, matches] of Object.entries(elements ?? {})) {
    for (const match of matches ?? []) {
      if (match.file !== '') lines.push(line(formatMatch(label, match), 'hit'));
      else if (!matchOnly) lines.push(line(`0 match found in search '${label}'${formatChecks(match)}`, 'quiet'));
    }
  }
  // Also where only matches are shown: who reads a list believes that it is whole.
  for (const label of limitedOf(statistics)) {
    const text = `search '${label}' ended at its limit of matches: there may be more, -matchlimit raises it`;
    lines.push(line(text, 'warning'));
  }
  if (matchOnly) return lines;
  for (const error of errors ?? []) lines.push(line(error, error.startsWith('warning:') ? 'warning' : 'error'));
  if (statistics) {
    const { filescount, openfailed, totalhits, exectime } = statistics;
    const text = `Statistics: ${filescount} files checked, ${openfailed} failed to open, ${totalhits} matched, ran in ${exectime}.`;
    lines.push(line(text, 'quiet'));
  }
  return lines;
}

export function rows({ elements }: ModuleResult<Elements, Statistics>): readonly Row[] {
  return Object.entries(elements ?? {}).flatMap(([search, matches]) =>
    (matches ?? [])
      .filter(({ file }) => file !== '')
      .map((match) => ({
        search,
        file: match.file,
        size: match.fileinfo.size,
        mode: match.fileinfo.mode,
        lastmodified: match.fileinfo.lastmodified,
        sha256: match.fileinfo.sha256?.toLowerCase() ?? null,
        checks: formatChecks(match).replace(/^ on checks ?/, ''),
      })),
  );
}

/** What comes from an endpoint may be anything. */
function limitedOf(statistics: Statistics | null): readonly string[] {
  const limited: unknown = statistics?.limited;
  return Array.isArray(limited) ? limited.filter((label) => typeof label === 'string') : [];
}

/** MIG's line: "/etc/passwd [lastmodified:..., mode:..., size:...] in search 's1'". */
function formatMatch(label: string, match: Match): string {
  const { lastmodified, mode, size, sha256 } = match.fileinfo;
  const hash = sha256 === undefined ? '' : `, sha256:${sha256.toLowerCase()}`;
  return `${match.file} [lastmodified:${lastmodified}, mode:${mode}, size:${size}${hash}] in search '${label}'${formatChecks(match)}`;
}

/** With matchany the condition that was met; nothing with matchall. */
function formatChecks({ search }: Match): string {
  if (search.options.matchall) return '';
  const lists = [
    ['name', search.names],
    ['size', search.sizes],
    ['mode', search.modes],
    ['mtime', search.mtimes],
    ['content', search.contents],
    ['md5', search.md5],
    ['sha1', search.sha1],
    ['sha2', search.sha2],
    ['sha3', search.sha3],
  ] as const;
  const checks = lists.flatMap(([kind, values]) => (values ?? []).map((value) => ` ${kind}='${value}'`));
  return ` on checks${checks.join('')}`;
}
