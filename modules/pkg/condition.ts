import type { DoubtfulPackage, Package } from '../../src/linux/packages/package.ts';
import { compileRegex } from '../../src/search/regex/compile-regex.ts';
import type { Params } from './params.ts';
import { parseVersionPattern } from './pattern.ts';
import { lacksEpoch, satisfies } from './satisfies.ts';
import { parseVersionCondition } from './version-condition.ts';

/** The parameters ready to be held against packages. */
export interface Condition {
  readonly matches: (one: Package) => boolean;
  /** Whether the name alone passes. */
  readonly matchesName: (one: Package | DoubtfulPackage) => boolean;
  /** What an investigator should know of the packages that were looked at, as sentences. */
  readonly notices: () => readonly string[];
}

const maxNamed = 3;

/** From parameters that were validated. */
export function createCondition({ pkgmatch, vermatch = '', compare = [] }: Params): Condition {
  const hasName = createNameTest(pkgmatch.matches ?? []);
  const hasVersion = createVersionTest(vermatch);
  const conditions = [...new Set(compare)].flatMap((text) => parseVersionCondition(text) ?? []);
  const withEpoch = new Map<string, string[]>();
  return {
    matchesName: hasName,
    matches: (one) => {
      if (!hasName(one) || !hasVersion(one.version)) return false;
      for (const condition of conditions) {
        if (!lacksEpoch(one, condition)) continue;
        const names = withEpoch.get(condition.text) ?? [];
        withEpoch.set(condition.text, names);
        names.push(`${one.name} ${one.version}`);
      }
      return conditions.every((condition) => satisfies(one, condition));
    },
    notices: () => [...withEpoch].map(([text, names]) => describeEpochs(text, names)),
  };
}

/** One of the expressions has to match the name, or the name as dpkg prints it where that is longer. */
function createNameTest(patterns: readonly string[]): Condition['matchesName'] {
  const regexes = [...new Set(patterns)].map((pattern) => compileRegex(pattern));
  return (one) => regexes.some((regex) => regex.test(one.name) || matchesQualified(regex, one));
}

/**
 * MIG matches "libc6:amd64", the name as dpkg prints it, where several architectures can be installed. Such an expression still works, when it speaks of
 * the architecture: one like "64$" is meant for the name.
 */
function matchesQualified(
  regex: ReturnType<typeof compileRegex>,
  { qualifiedName, arch }: Package | DoubtfulPackage,
): boolean {
  if (qualifiedName === undefined) return false;
  return (regex.pattern.includes(':') || regex.pattern.includes(arch)) && regex.test(qualifiedName);
}

function createVersionTest(vermatch: string): (version: string) => boolean {
  if (vermatch === '') return () => true;
  const { pattern, isInverted } = parseVersionPattern(vermatch);
  const regex = compileRegex(pattern);
  return (version) => regex.test(version) !== isInverted;
}

function describeEpochs(text: string, names: readonly string[]): string {
  const more = names.length > maxNamed ? ` and ${names.length - maxNamed} more` : '';
  const named = names.slice(0, maxNamed).join(', ');
  return `compare '${text}' has no epoch, which counts as 0: every version of ${named}${more} is newer; write the epoch too`;
}
