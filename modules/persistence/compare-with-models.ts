import { factsOf } from './describe-point.ts';
import type { FileFacts } from './elements.ts';
import type { Examined, Examiner } from './examine-files.ts';

/** The files of packages that profiles are copied from when a home, or the system, is made. */
export function modelsOf(path: string): readonly string[] {
  if (path.startsWith('/etc/skel/')) return [];
  const name = path.slice(path.lastIndexOf('/') + 1);
  if (path === '/etc/profile') return ['/usr/share/base-files/profile'];
  return name.startsWith('.') ? [`/etc/skel/${name}`, `/usr/share/base-files/dot${name}`] : [];
}

/** The facts of a profile; one that nobody changed since it was copied belongs, so to speak, to the package of its model. */
export async function compareWithModels(
  path: string,
  file: Examined | undefined,
  examiner: Examiner,
): Promise<FileFacts> {
  const facts = factsOf(file);
  if (facts.checksum !== 'not packaged') return facts;
  for (const model of modelsOf(path)) {
    const { checksum, sha256, package: owner } = factsOf(await examiner.examine(model));
    if (checksum !== 'agrees' || sha256 !== facts.sha256 || owner === undefined) continue;
    return { ...facts, package: owner, checksum: 'copy of a packaged file' };
  }
  return facts;
}
