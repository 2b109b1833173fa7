import type { Pace } from '../../src/base/pace.ts';
import { isGone } from '../../src/linux/errno.ts';
import type { KeyFileKind } from '../../src/linux/ssh/parse-key-file.ts';
import type { Progress } from '../../src/module/run.ts';
import { describeKey } from './describe-key.ts';
import type { Elements } from './elements.ts';
import type { Findings } from './findings.ts';
import { realPath } from './login-index.ts';
import type { Problems } from './problems.ts';
import { createFactsReader, namedFiles, type FactsOptions } from './read-facts.ts';
import { createFileReader, refuseOther, isCandidate, kindOfName, parseKeys, type KeysOfFile } from './read-keys.ts';
import type { WantedKeys } from './wanted-keys.ts';

export interface ExamineOptions extends FactsOptions {
  readonly wanted: WantedKeys;
  readonly findings: Findings;
  readonly problems: Problems;
  readonly progress: Progress<Elements>;
  readonly pace: Pace;
}

/** Looks at files one after another and adds their keys to the findings. */
export interface Examiner {
  /** A promise only where the file may hold keys. A file that held some, or was told of, is not looked at again. Throws nothing. */
  readonly examine: (path: string, entry: 'file' | 'link' | 'other') => Promise<void> | undefined;
  readonly counts: () => { readonly examined: number; readonly candidates: number };
}

type KeyKinds = ReturnType<WantedKeys['in']>;

/** Of one file; what is beyond is told as cut. */
const maxKeysPerFile = 20_000;
const examinedStep = 500;

export function createExaminer(options: ExamineOptions): Examiner {
  const { findings, logins, pace, problems, progress, wanted } = options;
  const read = createFileReader();
  const readFacts = createFactsReader(options, read);
  const trusted = namedFiles('trustedusercakeys', options.settings);
  const done = new Set<string>();
  let examined = 0;
  let candidates = 0;

  const kindOf = (path: string, isLink: boolean): KeyFileKind => {
    const isKeyFile = logins.isKeyFile(path) || (isLink && logins.isKeyFile(realPath(path)));
    return isKeyFile ? 'authorizedkeys' : kindOfName(path);
  };
  const tellKeys = async (path: string, kind: KeyFileKind, wantedKeys: KeyKinds, bytes: Buffer): Promise<void> => {
    const found = await parseKeys(bytes, { kind, wanted: wantedKeys, maxKeys: maxKeysPerFile }, pace);
    for (const problem of problemsOf(found)) problems.add(`${path} ${problem}`);
    const facts = found.keys.length === 0 ? undefined : readFacts(path, kind);
    if (!facts) return;
    candidates++;
    for (const key of found.keys) {
      if (pace.signal.aborted || findings.isFull()) return;
      findings.add(describeKey(key, facts));
      if (pace.isDue()) await pace.rest();
    }
  };
  return {
    examine: (path, entry) => {
      if (done.has(path)) return undefined;
      const kind = kindOf(path, entry === 'link');
      if (entry === 'other' && kind === 'any') return undefined;
      if (++examined % examinedStep === 0) progress.examined(examined);
      const isTrusted = (): boolean => trusted.has(path) || (entry === 'link' && trusted.has(realPath(path)));
      const wantedKeys = wanted.in(kind, isTrusted);
      if (wantedKeys.size === 0) return undefined;
      try {
        const bytes = entry === 'other' ? refuseOther() : read(path, kind);
        if (!bytes || !isCandidate(bytes, kind, wantedKeys)) return undefined;
        done.add(path);
        return tellKeys(path, kind, wantedKeys, bytes);
      } catch (error) {
        done.add(path);
        if (!isGone(error)) problems.unreadable(path, error);
        return undefined;
      }
    },
    counts: () => ({ examined, candidates }),
  };
}

function problemsOf({ unparsable, firstUnparsable, isCut }: KeysOfFile): readonly string[] {
  const lines = `${unparsable} ${unparsable === 1 ? 'line' : 'lines'}`;
  return [
    ...(firstUnparsable
      ? [`contained unparsable data: ${lines}, the first is line ${firstUnparsable.line}: ${firstUnparsable.reason}`]
      : []),
    ...(isCut ? [`holds more than ${maxKeysPerFile} keys: the others are left out`] : []),
  ];
}
