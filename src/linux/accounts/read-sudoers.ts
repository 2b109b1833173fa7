import type { HostFiles } from '../host/host-files.ts';
import { parseSudoers, type SudoAlias, type SudoDefaults, type SudoInclude, type SudoRule } from './parse-sudoers.ts';

/** A place in a file, lines from 1. */
export interface Place {
  readonly file: string;
  readonly line: number;
}

/** All statements of sudoers and what it includes, in the order in which sudo reads them. */
export interface Sudoers {
  readonly rules: readonly (SudoRule & Place)[];
  readonly aliases: readonly (SudoAlias & Place)[];
  readonly defaults: readonly (SudoDefaults & Place)[];
  /** The files and folders that were looked into: whoever can change one of them makes rules. */
  readonly paths: readonly string[];
}

const maxFiles = 1000;

/** Reads /etc/sudoers, or what vendors without one have in /usr/etc. What cannot be read is noted in the problems of `files`. */
export function readSudoers(files: HostFiles, hostName: string): Sudoers {
  const rules: (SudoRule & Place)[] = [];
  const aliases: (SudoAlias & Place)[] = [];
  const defaults: (SudoDefaults & Place)[] = [];
  const seen = new Set<string>();
  const paths = new Set<string>();

  const readFile = (file: string, from?: Place): void => {
    const deniedBefore = files.problems.denied();
    const place = files.resolve(file);
    if (place === undefined && from && files.problems.denied() === deniedBefore)
      files.problems.add(`${from.file} line ${from.line} includes ${file}, which does not exist`);
    // A file that includes itself, or is included twice, says the same once more.
    if (place === undefined || seen.has(place)) return;
    if (seen.size >= maxFiles)
      return files.problems.add(`sudoers: more than ${maxFiles} files, the others were not looked at`);
    seen.add(place);
    paths.add(file);
    const text = files.readText(file);
    if (text === undefined) return;
    const { statements, unparsed } = parseSudoers(text);
    files.problems.addUnparsed(file, unparsed);
    for (const statement of statements) {
      const at = { ...statement, file };
      if (at.kind === 'rule') rules.push(at);
      else if (at.kind === 'alias') aliases.push(at);
      else if (at.kind === 'defaults') defaults.push(at);
      else readInclude(at, at);
    }
  };
  const readInclude = ({ path, isFolder }: SudoInclude, from: Place): void => {
    const named = path.replaceAll('%h', hostName.split('.')[0] ?? '');
    const absolute = named.startsWith('/') ? named : `${from.file.slice(0, from.file.lastIndexOf('/'))}/${named}`;
    if (!isFolder) return readFile(absolute, from);
    paths.add(absolute);
    // sudo skips names with a dot or a ~ at their end, which package managers leave behind.
    for (const name of files.list(absolute)) if (!/\.|~$/.test(name)) readFile(`${absolute}/${name}`);
  };

  readFile(files.stat('/etc/sudoers') ? '/etc/sudoers' : '/usr/etc/sudoers');
  return { rules, aliases, defaults, paths: [...paths] };
}
