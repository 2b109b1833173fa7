import type { DoubtfulPackage } from './package.ts';

const maxNamed = 5;

/** "dpkg: 1 package is neither installed nor removed, not listed: broken 3-1": one sentence for each reason. */
export function describeDoubtful(doubtful: readonly DoubtfulPackage[]): readonly string[] {
  const groups = Map.groupBy(doubtful, ({ kind, reason }) => `${kind}: ${reason}`);
  return [...groups.values()].map(describeGroup);
}

function describeGroup(group: readonly DoubtfulPackage[]): string {
  const [first] = group;
  const named = group.slice(0, maxNamed).map(({ name, version }) => `${name} ${version}`.trim());
  const more = group.length > maxNamed ? ` and ${group.length - maxNamed} more` : '';
  const count = group.length === 1 ? '1 package is' : `${group.length} packages are`;
  return `${first?.kind}: ${count} ${first?.reason}, not listed: ${named.join(', ')}${more}`;
}
