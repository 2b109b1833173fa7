import { line, type Line, type Row } from '../../src/module/line.ts';
import type { ModuleResult } from '../../src/protocol/result.ts';
import type { Elements, Found, Match, Place, Statistics } from './elements.ts';

/** How many addresses of a condition a line shows. */
const shownPlaces = 3;

/** MIG's lines; where the matches are follows behind them. */
export function printResults(
  { elements, statistics, errors }: ModuleResult<Elements, Statistics>,
  { matchOnly }: { readonly matchOnly: boolean },
): readonly Line[] {
  const lines: Line[] = [];
  for (const [label, matches] of Object.entries(elements ?? {})) {
    for (const match of matches ?? []) {
      if (match.process.pid !== 0) lines.push(line(formatMatch(label, match), 'hit'));
      else if (!matchOnly) lines.push(line(`0 match found in search '${label}'${formatChecks(match)}`, 'quiet'));
    }
  }
  if (matchOnly) return lines;
  for (const failure of statistics?.failures ?? []) lines.push(line(`Failure: ${failure}`, 'warning'));
  for (const error of errors ?? []) lines.push(line(error, error.startsWith('warning:') ? 'warning' : 'error'));
  if (statistics) lines.push(...formatStatistics(statistics));
  return lines;
}

export function rows({ elements }: ModuleResult<Elements, Statistics>): readonly Row[] {
  return Object.entries(elements ?? {}).flatMap(([search, matches]) =>
    (matches ?? [])
      .filter(({ process }) => process.pid !== 0)
      .flatMap((match) => {
        const places = (match.found ?? []).flatMap((found) => found.at.map((place) => ({ found, place })));
        if (places.length === 0) return [createRow(search, match, match.found?.[0], undefined)];
        return places.map(({ found, place }) => createRow(search, match, found, place));
      }),
  );
}

function createRow(search: string, match: Match, found: Found | undefined, place: Place | undefined): Row {
  const name = match.search.options.matchall ? undefined : match.search.names?.[0];
  return {
    search,
    process: match.process.name,
    pid: match.process.pid,
    check: found?.check ?? (name === undefined ? '' : 'name'),
    value: found?.value ?? name ?? '',
    count: found?.count ?? null,
    address: place?.address ?? '',
    length: place?.length ?? null,
    region: place?.region ?? '',
    permissions: place?.permissions ?? '',
    path: place?.path ?? '',
    rule: place?.rule ?? '',
    string: place?.string ?? '',
    ancestor: match.ancestor ?? false,
  };
}

/** MIG's line, then the places: "/usr/sbin/sshd [pid:812] in search 's1' content='x': 2 at 0x7f.. (rw-p [heap]), ...". */
function formatMatch(label: string, match: Match): string {
  const { name, pid } = match.process;
  const isAny = match.search.options.matchall !== true;
  const places = (match.found ?? []).map((found) => formatFound(found, isAny));
  const note = match.ancestor ? ' (it started the agent: the search itself may have passed through it)' : '';
  return `${name} [pid:${pid}] in search '${label}'${formatChecks(match)}${places.join(';')}${note}`;
}

function formatFound({ check, value, count, more, at }: Found, isAny: boolean): string {
  const what = isAny ? '' : ` ${check}='${value}'`;
  const shown = at.slice(0, shownPlaces).map(formatPlace);
  const rest = count - shown.length;
  const others = rest > 0 ? ` and ${rest}${more ? ' or more' : ''} more` : '';
  return shown.length === 0 ? '' : `${what} at ${shown.join(', ')}${others}`;
}

function formatPlace({ address, permissions, path, rule, string }: Place): string {
  const by = rule === undefined ? '' : `${rule}${string === undefined ? '' : ` ${string}`}, `;
  return `${address} (${by}${permissions}${path === '' ? '' : ` ${path}`})`;
}

/** With matchany the condition that was met; nothing with matchall. */
function formatChecks({ search, found }: Match): string {
  const { options, names, libraries, bytes, contents, yara } = search;
  if (options.matchall) return '';
  const rules = found?.map(({ value }) => value).join(', ') ?? '';
  const checks = [
    ...(names ?? []).map((value) => ` name='${value}'`),
    ...(libraries ?? []).map((value) => ` library='${value}'`),
    ...(bytes ?? []).map((value) => ` byte='${value}'`),
    ...(contents ?? []).map((value) => ` content='${value}'`),
    ...(yara === undefined ? [] : [rules === '' ? ' yara' : ` yara='${rules}'`]),
  ];
  return ` on checks${checks.join('')}`;
}

function formatStatistics({ processcount, totalhits, failed, exectime, vanished, own }: Statistics): readonly Line[] {
  const text = `Statistics: ${processcount} processes checked, ${totalhits} matched, ${failed} failures, ran in ${exectime}.`;
  const lines = [line(text, 'quiet')];
  if (vanished > 0)
    lines.push(line(`${vanished} ${vanished === 1 ? 'process' : 'processes'} ended meanwhile`, 'quiet'));
  if (own.length > 0)
    lines.push(line(`not searched for contents: the agent's own processes, pid ${own.join(', ')}`, 'quiet'));
  return lines;
}
