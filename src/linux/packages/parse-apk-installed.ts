/** One package of apk's database, and its files when they are asked for. Texts are as they stand there, one character a byte. */
export interface ApkEntry {
  readonly name: string;
  readonly version: string;
  readonly arch: string;
  /** The package it was built with: "openssl" of libssl3; '' when the database does not tell. */
  readonly origin: string;
}

/** A file of a package; checksum as it stands there: "Q1" and a SHA-1 in base64, "Q2" and a SHA-256. */
export interface ApkFile {
  readonly path: string;
  readonly checksum: string;
}

const maxEntries = 200_000;

/**
 * Reads apk's database of installed packages (apk-package(5), `lib/apk/db/installed`): paragraphs of lines "K:value". Calls back for each package, and with
 * onFile for each of its files behind it. A paragraph without name or version is left out and counted. Answers for any text, in linear time.
 */
export function parseApkInstalled(
  text: string,
  options: { readonly onPackage: (entry: ApkEntry) => void; readonly onFile?: (file: ApkFile) => void },
): { readonly damaged: number } {
  let damaged = 0;
  let count = 0;
  for (let from = 0; from < text.length && count < maxEntries; count++) {
    const gap = text.indexOf('\n\n', from);
    const end = gap < 0 ? text.length : gap;
    const { entry, filesAt } = parseParagraph(text, from, end);
    if (entry) {
      options.onPackage(entry);
      if (options.onFile) parseFiles(text.slice(filesAt, end), options.onFile);
    } else if (text.slice(from, end).trim() !== '') damaged++;
    from = end + 2;
  }
  return { damaged: count === maxEntries ? damaged + 1 : damaged };
}

type OnFile = (file: ApkFile) => void;

/** The facts of a paragraph, and where its folders and files begin, which stand at its end. */
function parseParagraph(
  text: string,
  from: number,
  end: number,
): { readonly entry: ApkEntry | undefined; readonly filesAt: number } {
  const facts = { P: '', V: '', A: '', o: '' };
  let at = from;
  while (at < end) {
    const found = text.indexOf('\n', at);
    const lineEnd = found < 0 || found > end ? end : found;
    const key = text[at] ?? '';
    if (text[at + 1] === ':') {
      if (key === 'F') break;
      if (isFact(key)) facts[key] = text.slice(at + 2, lineEnd);
    }
    at = lineEnd + 1;
  }
  const { P: name, V: version, A: arch, o: origin } = facts;
  return { entry: name === '' || version === '' ? undefined : { name, version, arch, origin }, filesAt: at };
}

function isFact(key: string): key is 'P' | 'V' | 'A' | 'o' {
  return key === 'P' || key === 'V' || key === 'A' || key === 'o';
}

function parseFiles(text: string, onFile: OnFile): void {
  let folder = '/';
  let path: string | undefined;
  let checksum = '';
  const flush = (): void => {
    if (path !== undefined) onFile({ path, checksum });
    path = undefined;
    checksum = '';
  };
  for (const line of text.split('\n')) {
    const value = line.slice(2);
    if (line.startsWith('F:')) {
      flush();
      folder = value === '' ? '/' : `/${value}/`;
    } else if (line.startsWith('R:')) {
      flush();
      path = folder + value;
    } else if (line.startsWith('Z:')) checksum = value;
  }
  flush();
}
