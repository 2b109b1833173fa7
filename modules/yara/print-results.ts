import { line, type Line, type Row } from '../../src/module/line.ts';
import type { ModuleResult } from '../../src/protocol/result.ts';
import type { Elements, Match, Statistics } from './elements.ts';

type Rule = NonNullable<Match['rules']>[number];

const maxPlaces = 8;

/** MIG's line for a file, and what is known about its rules below it. */
export function printResults(
  { elements, statistics, errors }: ModuleResult<Elements, Statistics>,
  { matchOnly }: { readonly matchOnly: boolean },
): readonly Line[] {
  const lines = (elements?.Matches ?? []).flatMap((match) => [
    line(`${match.Object} [${match.MatchedRules.join(',')}]`, 'hit'),
    ...(matchOnly ? [] : (match.rules ?? []).map((rule) => line(`  ${describeRule(rule)}`))),
  ]);
  if (matchOnly) return lines;
  for (const error of errors ?? []) lines.push(line(error, error.startsWith('warning:') ? 'warning' : 'error'));
  if (statistics) {
    const { filesfound, filesscanned, totalhits, exectime } = statistics;
    const text = `Statistics: ${filesscanned} of ${filesfound} files scanned, ${totalhits} matched, ran in ${exectime}.`;
    lines.push(line(text, 'quiet'));
  }
  return lines;
}

/** One row for each rule that a file matches. */
export function rows({ elements }: ModuleResult<Elements, Statistics>): readonly Row[] {
  return (elements?.Matches ?? []).flatMap((match) =>
    match.MatchedRules.map((name, at) => {
      const rule = match.rules?.[at];
      return {
        file: match.Object,
        rule: name,
        tags: rule?.tags.join(' ') ?? '',
        strings: rule ? rule.strings.length + rule.stringsLeftOut : null,
        places: rule ? formatPlaces(rule) : '',
        meta: rule ? formatMeta(rule) : '',
        size: match.size ?? null,
        sha256: match.sha256?.toLowerCase() ?? null,
      };
    }),
  );
}

/** "webshell: php high; author=me; $a at 0, 17 (6 bytes)". */
function describeRule(rule: Rule): string {
  const parts = [rule.tags.join(' '), formatMeta(rule), formatPlaces(rule)].filter((part) => part !== '');
  return `${rule.rule}${parts.length === 0 ? '' : `: ${parts.join('; ')}`}`;
}

function formatMeta({ meta }: Rule): string {
  return Object.entries(meta)
    .map(([key, value]) => `${key}=${value}`)
    .join(' ');
}

/** Offsets in bytes from the beginning of the file: "$a at 0, 17; $b at 25". */
function formatPlaces({ strings, stringsLeftOut }: Rule): string {
  const shown = Map.groupBy(strings.slice(0, maxPlaces), ({ identifier }) => identifier);
  const places = [...shown].map(
    ([identifier, found]) => `${identifier} at ${found.map(({ offset }) => offset).join(', ')}`,
  );
  const more = strings.length - Math.min(strings.length, maxPlaces) + stringsLeftOut;
  return `${places.join('; ')}${more === 0 ? '' : ` and ${more} more`}`;
}
