import type { Stats } from 'node:fs';
import type { PackageFile, PackageFiles } from '../../src/linux/packages/package-files.ts';
import { formatMode } from '../../src/linux/host/host-files.ts';
import type { HashAlgorithm } from '../../src/search/hash/algorithms.ts';
import type { FileFacts, Verdict } from './elements.ts';
import type { Hasher } from './hash-files.ts';
import type { Host } from './host.ts';

/** A file with its facts as they travel. */
export interface Examined {
  readonly stats: Stats;
  readonly facts: FileFacts;
}

export interface Examiner {
  /** Undefined when there is no such file. Files are looked at once, however many points name them. */
  readonly examine: (path: string) => Promise<Examined | undefined>;
  /** The facts of a link itself. */
  readonly describeLink: (stats: Stats) => FileFacts;
}

export function createExaminer(host: Host, packages: PackageFiles, hasher: Hasher): Examiner {
  const known = new Map<string, Promise<Examined | undefined>>();
  const describeLink = (stats: Stats): FileFacts => ({
    owner: host.names.get(stats.uid) ?? String(stats.uid),
    mtime: new Date(stats.mtimeMs).toISOString().replace(/\.\d+Z$/, 'Z'),
  });
  const look = async (place: string): Promise<Examined | undefined> => {
    const stats = host.files.stat(place);
    if (!stats) return undefined;
    const facts = { ...describeLink(stats), mode: formatMode(stats) };
    // Files of /proc and /sys are of the kernel, not of a package, and what they say is gone once it is read.
    if (!stats.isFile() || /^\/(proc|sys)\//.test(place)) return { stats, facts };
    const record = packages.ownerOf(place);
    const algorithms: readonly HashAlgorithm[] = record?.checksum ? ['sha256', record.checksum.algorithm] : ['sha256'];
    const digests = await hasher.hash(place, [...new Set(algorithms)]);
    const sha256 = digests?.get('sha256');
    return {
      stats,
      facts: {
        ...facts,
        size: stats.size,
        ...(sha256 === undefined ? {} : { sha256 }),
        ...(record ? { package: record.package } : {}),
        checksum: compare(record, digests),
      },
    };
  };
  return {
    describeLink,
    examine: async (path) => {
      const place = host.files.resolve(path);
      if (place === undefined) return undefined;
      const looking = known.get(place) ?? look(place);
      known.set(place, looking);
      const found = await looking;
      // A folder above it may be a link as well, such as /lib; that is no news.
      const isLink = host.files.readLink(path) !== undefined;
      return found && isLink ? { ...found, facts: { linksto: place, ...found.facts } } : found;
    },
  };
}

function compare(record: PackageFile | undefined, digests: ReadonlyMap<HashAlgorithm, string> | undefined): Verdict {
  if (!record) return 'not packaged';
  if (!record.checksum) return 'not recorded';
  const digest = digests?.get(record.checksum.algorithm);
  if (digest === undefined) return 'not read';
  if (digest === record.checksum.hex.toLowerCase()) return 'agrees';
  return record.isConfiguration ? 'configuration file' : 'differs';
}
