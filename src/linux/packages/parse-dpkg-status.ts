/** The facts of one paragraph of dpkg's status file that are used here. Texts are as they stand there, one character a byte. */
export interface DpkgEntry {
  readonly name: string;
  readonly version: string;
  readonly arch: string;
  /** "install ok installed"; '' in the files of distroless images, which hold installed packages only. */
  readonly status: string;
  readonly multiArch: string;
  /** The source package with its version where that differs: "glibc", "gcc-12 (12.2.0-14)"; '' when it has the name of the package. */
  readonly source: string;
  /** The lines of Conffiles: " /etc/x md5 [obsolete]"; '' without any. */
  readonly conffiles: string;
}

/** A database larger than this many packages is not one. */
const maxEntries = 200_000;

/**
 * The paragraphs of dpkg's status file (deb-control(5)), read as latin1. A paragraph without a name is left out and counted. Answers for any text, in
 * linear time.
 */
export function parseDpkgStatus(text: string): { readonly entries: readonly DpkgEntry[]; readonly damaged: number } {
  const entries: DpkgEntry[] = [];
  let damaged = 0;
  let from = 0;
  while (from < text.length && entries.length < maxEntries) {
    const gap = text.indexOf('\n\n', from);
    const end = gap < 0 ? text.length : gap;
    if (text[from] === '\n') {
      from++;
      continue;
    }
    const entry = parseParagraph(text, from, end);
    if (entry) entries.push(entry);
    else damaged++;
    from = end + 2;
  }
  return { entries, damaged: from < text.length ? damaged + 1 : damaged };
}

function parseParagraph(text: string, from: number, end: number): DpkgEntry | undefined {
  let name = '';
  let version = '';
  let arch = '';
  let status = '';
  let multiArch = '';
  let source = '';
  let conffiles = '';
  for (let at = from; at < end;) {
    const lineEnd = endOfLine(text, at, end);
    const key = at;
    at = lineEnd + 1;
    // Most fields are not needed: the first letter decides before anything is cut out.
    switch (text.charCodeAt(key)) {
      case 0x50:
        name = valueOf(text, key, lineEnd, 'Package:') ?? name;
        break;
      case 0x56:
        version = valueOf(text, key, lineEnd, 'Version:') ?? version;
        break;
      case 0x41:
        arch = valueOf(text, key, lineEnd, 'Architecture:') ?? arch;
        break;
      case 0x4d:
        multiArch = valueOf(text, key, lineEnd, 'Multi-Arch:') ?? multiArch;
        break;
      case 0x53:
        status = valueOf(text, key, lineEnd, 'Status:') ?? status;
        source = valueOf(text, key, lineEnd, 'Source:') ?? source;
        break;
      case 0x43:
        if (!text.startsWith('Conffiles:', key)) break;
        at = endOfContinuation(text, at, end);
        conffiles = text.slice(lineEnd + 1, at);
        break;
    }
  }
  return name === '' ? undefined : { name, version, arch, status, multiArch, source, conffiles };
}

function valueOf(text: string, from: number, end: number, key: string): string | undefined {
  return text.startsWith(key, from) ? text.slice(from + key.length, end).trim() : undefined;
}

function endOfLine(text: string, from: number, end: number): number {
  const found = text.indexOf('\n', from);
  return found < 0 || found > end ? end : found;
}

/** Where the lines that begin with a blank end. */
function endOfContinuation(text: string, from: number, end: number): number {
  let at = from;
  while (at < end && (text[at] === ' ' || text[at] === '\t')) at = endOfLine(text, at, end) + 1;
  return Math.min(at, end);
}
