import { splitRpm } from '../../src/linux/packages/compare-rpm.ts';
import { compareVersions } from '../../src/linux/packages/compare-versions.ts';
import type { Package } from '../../src/linux/packages/package.ts';
import type { VersionCondition } from './version-condition.ts';

/**
 * Whether a package's version passes, in the order of its own distribution. As in rpm's dependencies, a condition without a release ("< 1.2.3") looks at
 * the version alone; for dpkg and apk a missing revision is older than any, as they have it.
 */
export function satisfies({ kind, version }: Package, { operator, version: wanted }: VersionCondition): boolean {
  const order = compareVersions(kind, kind === 'rpm' ? withoutRelease(version, wanted) : version, wanted);
  switch (operator) {
    case '<':
      return order < 0;
    case '<=':
      return order <= 0;
    case '=':
      return order === 0;
    case '!=':
      return order !== 0;
    case '>=':
      return order >= 0;
    case '>':
      return order > 0;
  }
}

/** True when the package's version counts from an epoch that the condition does not have: then the two are worlds apart. */
export function lacksEpoch({ kind, version }: Package, { version: wanted }: VersionCondition): boolean {
  return kind !== 'apk' && /^0*[1-9]\d*:/.test(version) && !/^\d*:/.test(wanted);
}

function withoutRelease(version: string, wanted: string): string {
  const { epoch, version: bare } = splitRpm(version);
  return splitRpm(wanted).release === undefined ? `${epoch}:${bare}` : version;
}
