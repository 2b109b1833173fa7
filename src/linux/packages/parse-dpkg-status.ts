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

export interface DpkgStatus {
  readonly entries: readonly DpkgEntry[];
  /** Paragraphs without a name, which are left out. */
  readonly damaged: number;
  /** In the other paragraphs, lines that are neither a field nor the rest of one; where the first begins in the text. */
  readonly strange: { readonly lines: number; readonly firstAt: number };
}

/** The paragraphs of dpkg's status file (deb-control(5)), read as latin1. Answers for any text, in linear time. */
export function parseDpkgStatus(text: string): DpkgStatus {
  const entries: DpkgEntry[] = [];
  let damaged = 0;
  const strange = { lines: 0, firstAt: -1 };
  let from = 0;
  while (from < text.length && entries.length < maxEntries) {
    const gap = text.indexOf('\n\n', from);
    const end = gap < 0 ? text.length : gap;
    if (text[from] === '\n') {
      from++;
      continue;
    }
    const entry = parseParagraph(text, from, end);
    if (entry) {
      entries.push(entry);
      addStrangeLines(text, from, end, strange);
    } else damaged++;
    from = end + 2;
  }
  return { entries, damaged: from < text.length ? damaged + 1 : damaged, strange };
}

function addStrangeLines(text: string, from: number, end: number, strange: { lines: number; firstAt: number }): void {
  for (let at = from; at < end; at = endOfLine(text, at, end) + 1) {
    if (isField(text, at)) continue;
    strange.lines++;
    if (strange.firstAt < 0) strange.firstAt = at;
  }
}

/** True at "Name:", with a name of printable characters, and at the blank that goes on with a value. */
function isField(text: string, from: number): boolean {
  const first = text.charCodeAt(from);
  if (first === 0x20 || first === 0x09) return true;
  for (let at = from; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 0x3a) return at > from;
    if (code <= 0x20 || code > 0x7e) return false;
  }
  return false;
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
