import { isWritableByOthers } from '../../src/linux/host/host-files.ts';
import type { StartPoint } from '../../src/linux/startup/start-point.ts';
import type { Verdict } from './elements.ts';
import type { Examined } from './examine-files.ts';
import type { Host } from './host.ts';
import type { SuspiciousText } from './suspicious-text.ts';

/** A program of a point; undefined facts for one that does not exist. */
export interface NamedProgram {
  readonly path: string;
  readonly examined: Examined | undefined;
}

export interface Circumstances {
  readonly host: Host;
  readonly texts: SuspiciousText;
  readonly nowMs: number;
}

const maxNotes = 20;
const maxScriptBytes = 256 * 1024;

/** What is unusual about a start point and what it starts, each as a sentence without a subject. */
export function judgePoint(
  point: StartPoint,
  file: Examined | undefined,
  programs: readonly NamedProgram[],
  circumstances: Circumstances,
): readonly string[] {
  const { texts } = circumstances;
  const isVendors = file?.facts.checksum === 'agrees';
  const asRoot = point.runsAs === 'root';
  return [
    // What a package starts only where another one is installed is no news.
    ...point.notes.filter((note) => !isVendors || !note.endsWith(' does not exist')),
    ...linkNotes(point, file, circumstances).map((note) => `its file ${note}`),
    ...fileNotes(point.path, file, asRoot, circumstances).map((note) => `its file ${note}`),
    // What a package brought is not read for unusual lines: its checksum says that nobody wrote them here.
    ...(isVendors ? [] : [...new Set(point.commands.flatMap(texts.inCommand))]),
    ...(point.isScript && !isVendors
      ? texts.inScript(circumstances.host.files.readText(point.path, maxScriptBytes) ?? '')
      : []),
    ...programs.flatMap(({ path, examined }) => {
      if (examined)
        return [...fileNotes(path, examined, asRoot, circumstances), ...texts.inPath(path)].map(
          (note) => `${path} ${note}`,
        );
      return isVendors || !path.startsWith('/') ? [] : [`${path} does not exist`];
    }),
  ].slice(0, maxNotes);
}

/** Where a link leads is an attacker's choice: the place it is called from looks the same. */
function linkNotes(point: StartPoint, file: Examined | undefined, { host, texts }: Circumstances): readonly string[] {
  if (file) return file.facts.linksto === undefined ? [] : texts.inPath(file.facts.linksto);
  const leadsNowhere = point.state !== 'masked' && host.files.readLink(point.path) !== undefined;
  return leadsNowhere ? ['is a link that leads nowhere'] : [];
}

const verdictNotes: Partial<Record<Verdict, string>> = { differs: 'differs from the one of its package' };

function fileNotes(
  path: string,
  file: Examined | undefined,
  asRoot: boolean,
  { host, nowMs }: Circumstances,
): readonly string[] {
  if (!file) return [];
  const { stats, facts } = file;
  const verdict = facts.checksum && verdictNotes[facts.checksum];
  const place = host.files.resolve(path) ?? path;
  // The kernel makes these; their modes say who may ask, not who may change them.
  if (/^\/(proc|sys|dev)\//.test(place)) return [];
  return [
    ...(verdict === undefined ? [] : [verdict]),
    ...(isWritableByOthers(stats) ? ['can be changed by others'] : folderNotes(place, host)),
    ...(asRoot && stats.uid !== 0 ? [`belongs to ${facts.owner} and is started as root`] : []),
    ...(stats.mtimeMs > nowMs + 86_400_000 ? ['was modified in the future'] : []),
  ];
}

/** A folder that others may write lets them put another file there; the sticky bit keeps them from that. */
function folderNotes(place: string, { files }: Host): readonly string[] {
  const folder = files.stat(place.slice(0, place.lastIndexOf('/')) || '/');
  const isSticky = ((folder?.mode ?? 0) & 0o1000) !== 0;
  return folder && isWritableByOthers(folder) && !isSticky ? ['is in a folder that others can change'] : [];
}
