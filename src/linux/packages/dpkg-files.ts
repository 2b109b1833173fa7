import { readClaims, type Claim } from './dpkg-claims.ts';
import { decodeText } from './package.ts';
import { noFiles, type FileSource, type PackageFile } from './package-file.ts';
import { parseDiversions, type Diversion } from './parse-diversions.ts';
import type { DpkgEntry } from './parse-dpkg-status.ts';
import { readDpkgEntries } from './read-dpkg.ts';
import { problemAt, readWhole, type RootFolder } from './root-folder.ts';
import type { WantedPaths } from './wanted-paths.ts';

const maxBytes = 64 * 1024 * 1024;
const maxKeptTexts = 64;

/** dpkg's knowledge of files: info/*.list says whose they are, info/*.md5sums and the Conffiles of the status file what is in them. */
export function openDpkgFiles(root: RootFolder, wanted: WantedPaths, problems: string[]): FileSource {
  const { entries, problems: ownProblems } = readDpkgEntries(root);
  problems.push(...ownProblems);
  if (entries.length === 0) return noFiles;
  const byList = new Map<string, DpkgEntry>();
  for (const entry of entries) {
    byList.set(`${entry.name}:${entry.arch}`, entry);
    if (!byList.has(entry.name)) byList.set(entry.name, entry);
  }
  const claims = readClaims(root, wanted, readDiversions(root, problems), problems);
  const readSums = createSumsReader(problems);
  return {
    find: (key) => {
      const claim = claims.find(key);
      const entry = claim && byList.get(claim.list);
      return claim && entry && describe(claim, entry, readSums);
    },
  };
}

function readDiversions(root: RootFolder, problems: string[]): readonly Diversion[] {
  const path = '/var/lib/dpkg/diversions';
  try {
    const file = root.find(path);
    const bytes = file === undefined ? undefined : readWhole(file, { maxBytes });
    return bytes ? parseDiversions(bytes.toString('latin1')) : [];
  } catch (error) {
    problems.push(problemAt(path, error));
    return [];
  }
}

type ReadSums = (file: string) => string;

/** Reads lists of checksums, the last ones once: questions about one package often follow each other. */
function createSumsReader(problems: string[]): ReadSums {
  const texts = new Map<string, string>();
  return (file) => {
    const kept = texts.get(file);
    if (kept !== undefined) return kept;
    let text = '';
    try {
      text = `\n${readWhole(file, { maxBytes })?.toString('latin1') ?? ''}`;
    } catch (error) {
      problems.push(problemAt(file, error));
    }
    if (texts.size >= maxKeptTexts) texts.clear();
    texts.set(file, text);
    return text;
  };
}

function describe(claim: Claim, entry: DpkgEntry, readSums: ReadSums): PackageFile {
  const conffile = findConffile(entry.conffiles, claim.path);
  const md5 = conffile ?? findSum(readSums(claim.sumsFile), claim.path);
  return {
    package: decodeText(entry.name),
    version: decodeText(entry.version),
    kind: 'dpkg',
    checksum: isMd5(md5) ? { algorithm: 'md5', hex: md5 } : undefined,
    isConfiguration: conffile !== undefined,
  };
}

/** The word behind the path among the lines of Conffiles: its checksum, or "newconffile". */
function findConffile(conffiles: string, path: string): string | undefined {
  const line = ` ${path} `;
  const at = conffiles.startsWith(line) ? 0 : conffiles.indexOf(`\n${line}`) + 1;
  if (at === 0 && !conffiles.startsWith(line)) return undefined;
  const from = at + line.length;
  return /\S*/.exec(conffiles.slice(from, from + 32))?.[0];
}

/** The checksum in a text of "\nSUM  path without its first slash" lines. */
function findSum(sums: string, path: string): string | undefined {
  const end = `  ${path.slice(1)}\n`;
  const at = sums.indexOf(end);
  return at < 33 || sums[at - 33] !== '\n' ? undefined : sums.slice(at - 32, at);
}

function isMd5(text: string | undefined): text is string {
  return text !== undefined && /^[0-9a-f]{32}$/.test(text);
}
