/** The values of package objects, all from one reading of the databases. */
import { messageOf } from '../../src/base/app-error.ts';
import { compareVersions } from '../../src/linux/packages/compare-versions.ts';
import type { PackageList } from '../../src/linux/packages/package.ts';
import type { Regex } from '../../src/search/regex/compile-regex.ts';
import type { Compile } from './compile-once.ts';
import { expandVariables, type PackageSource, type Variable } from './document.ts';
import type { EvaluationOptions } from './evaluate-test.ts';
import type { ObjectValues, Value } from './values.ts';
import { compareVersionTexts } from './version.ts';

type Package = PackageList['packages'][number];

export interface PackageOptions extends EvaluationOptions {
  readonly variables: readonly Variable[];
  readonly compile: Compile;
}

export type FindPackages = (source: PackageSource) => ObjectValues;

/** A package is known by its name, and as dpkg's tools print it: "libc6" and "libc6:amd64". */
export function createPackageFinder(
  packages: readonly Package[],
  { variables, compile, distribution }: PackageOptions,
): FindPackages {
  const byName = Map.groupBy(packages, ({ name }) => name);
  const byQualifiedName = Map.groupBy(packages.filter(isQualified), ({ qualifiedName }) => qualifiedName);
  return ({ name, collectmatch, onlynewest }) => {
    try {
      const wanted = expandVariables(name, variables);
      const found =
        collectmatch === undefined
          ? (byName.get(wanted) ?? byQualifiedName.get(wanted) ?? [])
          : filterByPattern(packages, compile(collectmatch));
      const values = found.map(toValue);
      return { values: onlynewest ? newestOf(values, distribution) : values };
    } catch (error) {
      return { values: [], error: `the newest package cannot be told: a version, ${messageOf(error)}` };
    }
  };
}

function isQualified(one: Package): one is Package & { readonly qualifiedName: string } {
  return one.qualifiedName !== undefined;
}

function filterByPattern(packages: readonly Package[], regex: Regex): readonly Package[] {
  return packages.filter(
    ({ name, qualifiedName }) => regex.test(name) || (qualifiedName !== undefined && regex.test(qualifiedName)),
  );
}

function toValue({ name, qualifiedName, version, kind }: Package): Value {
  return { identifier: qualifiedName ?? name, value: version, kind };
}

/** The first of those that no other is newer than. Throws VersionError. */
function newestOf(values: readonly Value[], distribution: boolean): readonly Value[] {
  const compare = (one: Value, other: Value): number =>
    distribution && one.kind !== undefined && one.kind === other.kind
      ? compareVersions(one.kind, one.value, other.value)
      : compareVersionTexts(one.value, other.value);
  const [first, ...others] = values;
  if (first === undefined) return [];
  return [others.reduce((newest, value) => (compare(value, newest) > 0 ? value : newest), first)];
}
