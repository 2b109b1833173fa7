import { statSync } from 'node:fs';
import { basename } from 'node:path';
import { formatGoTime } from '../../src/base/go-format.ts';
import { parseKeyFile, type KeyFileKind } from '../../src/linux/ssh/parse-key-file.ts';
import type { SshdSetting } from '../../src/linux/sshd/parse-sshd-config.ts';
import { formatGoMode } from '../../src/search/walk/go-mode.ts';
import { encodePath } from '../../src/search/walk/path-text.ts';
import { describePublicFile, type KeyFileFacts } from './describe-key.ts';
import type { PublicFile } from './elements.ts';
import { realPath, type LoginIndex } from './login-index.ts';
import type { FileReader } from './read-keys.ts';

export interface FactsOptions {
  readonly settings: readonly SshdSetting[];
  readonly logins: LoginIndex;
  readonly nowMs: number;
}

/** What is told of a file that holds keys; undefined where it is gone meanwhile. */
export function createFactsReader(
  { settings, logins, nowMs }: FactsOptions,
  read: FileReader,
): (path: string, kind: KeyFileKind) => KeyFileFacts | undefined {
  const trusted = namedFiles('trustedusercakeys', settings);
  const hostKeys = namedFiles('hostkey', settings);
  return (path, kind) => {
    const stats = statSync(encodePath(path), { bigint: true, throwIfNoEntry: false });
    if (!stats) return undefined;
    const real = realPath(path);
    const mode = Number(stats.mode);
    return {
      path,
      mode,
      told: {
        owner: logins.ownerName(Number(stats.uid)),
        mode: formatGoMode(mode),
        lastmodified: formatGoTime(stats.mtimeNs),
      },
      publicType: kind === 'authorizedkeys' ? 'authorizedkeys' : trusted.has(real) ? 'trustedca' : 'public',
      isHostKey: hostKeys.has(real) || /^ssh_host_\w+_key$/.test(basename(path)),
      nowMs,
      loginsFor: (options) => logins.loginsAt(path, options),
      readPublicFile: () => readPublicFile(`${path}.pub`, read),
    };
  };
}

/** The files that a setting names, without links. */
export function namedFiles(keyword: string, settings: readonly SshdSetting[]): ReadonlySet<string> {
  const named = settings.filter((setting) => setting.keyword === keyword);
  return new Set(named.flatMap(({ values }) => values.slice(0, 1)).map(realPath));
}

/** The first key of a .pub file that lies beside a private key. */
function readPublicFile(path: string, read: FileReader): PublicFile | undefined {
  try {
    const bytes = read(path, 'any');
    const [first] = bytes ? parseKeyFile(bytes, { kind: 'any', maxKeys: 1, wanted: new Set(['public']) }).keys : [];
    return first?.kind === 'public' ? describePublicFile(path, first.key) : undefined;
  } catch {
    return undefined; // the walk tells it when it comes to that file
  }
}
