import { compareApk } from './compare-apk.ts';
import { compareDpkg } from './compare-dpkg.ts';
import { compareRpm } from './compare-rpm.ts';

/** The families of package databases. Each orders versions by rules of its own. */
export type PackageKind = 'dpkg' | 'rpm' | 'apk';

/**
 * Negative when version a is older than b, positive when it is newer, 0 when the rules of the distribution call them equal ("1.0" and "1.00" do).
 * Takes time linear in the texts and answers for any text, also for one that is no version.
 */
export function compareVersions(kind: PackageKind, a: string, b: string): number {
  if (kind === 'dpkg') return compareDpkg(a, b);
  return kind === 'rpm' ? compareRpm(a, b) : compareApk(a, b);
}
