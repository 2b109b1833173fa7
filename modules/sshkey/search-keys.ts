/** The walk over a host: every file is looked at, and what holds keys is told. */
import { statSync } from 'node:fs';
import { basename } from 'node:path';
import { formatGoTime } from '../../src/base/go-format.ts';
import type { Pace } from '../../src/base/pace.ts';
import { isGone } from '../../src/linux/errno.ts';
import type { SshdSetting } from '../../src/linux/sshd/parse-sshd-config.ts';
import { parseKeyFile, type KeyFileKind } from '../../src/linux/ssh/parse-key-file.ts';
import type { Progress } from '../../src/module/run.ts';
import { createWalk } from '../../src/search/walk/create-walk.ts';
import { formatGoMode } from '../../src/search/walk/go-mode.ts';
import { encodePath, joinPath } from '../../src/search/walk/path-text.ts';
import { describeKey, describePublicFile, type KeyFileFacts } from './describe-key.ts';
import type { Elements, PublicFile } from './elements.ts';
import type { Findings } from './findings.ts';
import type { Roots } from './find-roots.ts';
import type { Host } from './host.ts';
import { realPath, type LoginIndex } from './login-index.ts';
import type { Problems } from './problems.ts';
import { createFileReader, isCandidate, kindOfName, parseKeys } from './read-keys.ts';

export interface SearchOptions {
  readonly maxDepth: number;
  readonly wantsKnownHosts: boolean;
  readonly host: Host;
  readonly settings: readonly SshdSetting[];
  readonly logins: LoginIndex;
  readonly findings: Findings;
  readonly problems: Problems;
  readonly progress: Progress<Elements>;
  readonly pace: Pace;
  readonly nowMs: number;
}

/** Of one file; what is beyond is told as cut. */
const maxKeysPerFile = 20_000;
const examinedStep = 500;
/** They hold no files; a path inside them is walked when it is asked for. */
const kernelFolders = new Set(['/proc', '/sys']);

/** Looks at all files of the roots, and tells how many there were and how many hold keys. */
export async function searchKeys(
  roots: Roots,
  options: SearchOptions,
): Promise<{ readonly examined: number; readonly candidates: number }> {
  const { problems, pace, progress, findings } = options;
  const read = createFileReader();
  const trusted = namedFiles('trustedusercakeys', options.settings);
  const hostKeys = namedFiles('hostkey', options.settings);
  const done = new Set<string>();
  let examined = 0;
  let candidates = 0;

  const isOver = (): boolean => pace.signal.aborted || findings.isFull();
  const examine = (path: string, isLink: boolean): Promise<void> | undefined => {
    if (done.has(path)) return undefined;
    if (++examined % examinedStep === 0) progress.examined(examined);
    const isKeyFile = options.logins.isKeyFile(path) || (isLink && options.logins.isKeyFile(realPath(path)));
    const kind = isKeyFile ? 'authorizedkeys' : kindOfName(path);
    if (kind === 'knownhosts' && !options.wantsKnownHosts) return undefined;
    try {
      const bytes = read(path, kind);
      if (!bytes || !isCandidate(bytes, kind)) return undefined;
      done.add(path);
      return tellKeys(path, kind, bytes);
    } catch (error) {
      if (!isGone(error)) problems.unreadable(path, error);
      return undefined;
    }
  };
  const tellKeys = async (path: string, kind: KeyFileKind, bytes: Buffer): Promise<void> => {
    const { keys, unparsable, firstUnparsable, isCut } = await parseKeys(bytes, kind, maxKeysPerFile, pace);
    if (firstUnparsable) {
      const { line, reason } = firstUnparsable;
      problems.add(
        `${path} contained unparsable data: ${unparsable} ${unparsable === 1 ? 'line' : 'lines'}, the first is line ${line}: ${reason}`,
      );
    }
    if (isCut) problems.add(`${path} holds more than ${maxKeysPerFile} keys: the others are left out`);
    if (keys.length === 0) return;
    candidates++;
    const facts = readFacts(path, kind, { ...options, trusted, hostKeys, read });
    if (!facts) return;
    for (const key of keys) {
      if (isOver()) return;
      findings.add(describeKey(key, facts));
      if (pace.isDue()) await pace.rest();
    }
  };

  for (const path of roots.files) {
    if (isOver()) break;
    await examine(path, true);
  }
  const walk = createWalk<number>(
    {
      enter: (path, depth) => (depth >= options.maxDepth || kernelFolders.has(path) ? undefined : depth + 1),
      visit: (folder, name, kind) => (kind === 'other' ? undefined : examine(joinPath(folder, name), kind === 'link')),
      failed: (path, error) => {
        if (!isGone(error)) problems.unreadable(path, error);
      },
      isOver,
    },
    pace,
  );
  walk.add(roots.folders.map((path) => ({ path, scope: 1 })));
  await walk.run();
  progress.examined(examined);
  return { examined, candidates };
}

function namedFiles(keyword: string, settings: readonly SshdSetting[]): ReadonlySet<string> {
  return new Set(
    settings
      .filter((setting) => setting.keyword === keyword)
      .flatMap(({ values }) => values.slice(0, 1))
      .map(realPath),
  );
}

interface Tools {
  /** Files by their setting, without links. */
  readonly trusted: ReadonlySet<string>;
  readonly hostKeys: ReadonlySet<string>;
  readonly read: ReturnType<typeof createFileReader>;
}

/** Undefined where the file is gone meanwhile. */
function readFacts(path: string, kind: KeyFileKind, options: SearchOptions & Tools): KeyFileFacts | undefined {
  const stats = statSync(encodePath(path), { bigint: true, throwIfNoEntry: false });
  if (!stats) return undefined;
  const real = realPath(path);
  const mode = Number(stats.mode);
  return {
    path,
    mode,
    told: {
      owner: options.logins.ownerName(Number(stats.uid)),
      mode: formatGoMode(mode),
      lastmodified: formatGoTime(stats.mtimeNs),
    },
    publicType: kind === 'authorizedkeys' ? 'authorizedkeys' : options.trusted.has(real) ? 'trustedca' : 'public',
    isHostKey: options.hostKeys.has(real) || /^ssh_host_\w+_key$/.test(basename(path)),
    nowMs: options.nowMs,
    loginsFor: (keyOptions) => options.logins.loginsAt(path, keyOptions),
    readPublicFile: () => readPublicFile(`${path}.pub`, options.read),
  };
}

/** The first key of a .pub file that lies beside a private key. */
function readPublicFile(path: string, read: ReturnType<typeof createFileReader>): PublicFile | undefined {
  try {
    const bytes = read(path, 'any');
    const [first] = bytes ? parseKeyFile(bytes, { kind: 'any', maxKeys: 1 }).keys : [];
    return first?.kind === 'public' ? describePublicFile(path, first.key) : undefined;
  } catch {
    return undefined; // the walk tells it when it comes to that file
  }
}
