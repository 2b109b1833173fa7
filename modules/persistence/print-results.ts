import { line, type Line, type Row } from '../../src/module/line.ts';
import type { ModuleResult } from '../../src/protocol/result.ts';
import type { Elements, FileFacts, Point, Program, Statistics } from './elements.ts';

/** One line a start point; with everything, its facts and those of its programs follow on lines of their own. */
export function printResults(
  { elements, statistics, errors }: ModuleResult<Elements, Statistics>,
  { matchOnly }: { readonly matchOnly: boolean },
): readonly Line[] {
  const lines = (elements?.points ?? []).flatMap((point) => [
    line(describePoint(point), point.notes.length > 0 ? 'warning' : 'hit'),
    ...(matchOnly ? [] : detailLines(point)),
  ]);
  if (matchOnly) return lines;
  for (const error of errors ?? []) lines.push(line(`error: ${error}`, 'error'));
  if (statistics) {
    const { examined, totalhits, hashedfiles, hashedbytes, exectime } = statistics;
    lines.push(
      line(
        `Statistics: ${totalhits} found, ${examined} start points examined, ${hashedfiles} files of ${hashedbytes} bytes hashed in ${exectime}`,
        'quiet',
      ),
    );
  }
  return lines;
}

export function rows({ elements }: ModuleResult<Elements, Statistics>): readonly Row[] {
  return (elements?.points ?? []).map((point) => ({
    kind: point.kind,
    state: point.state,
    name: point.name,
    path: point.path,
    line: point.line ?? null,
    command: (point.commands ?? []).join('; '),
    runas: point.runas,
    when: point.when,
    linksto: point.linksto ?? '',
    owner: point.owner ?? '',
    mode: point.mode ?? '',
    mtime: point.mtime ?? '',
    size: point.size ?? null,
    sha256: point.sha256 ?? '',
    package: point.package ?? '',
    checksum: point.checksum ?? '',
    programs: (point.programs ?? []).map(({ path }) => path).join(', '),
    programchecksums: (point.programs ?? []).map(verdictOf).join(', '),
    notes: point.notes.join('; '),
  }));
}

function describePoint(point: Point): string {
  const { kind, name, path, line: at, commands = [], runas, when, state, notes } = point;
  const place = `${path}${at === undefined ? '' : ` line ${at}`}`;
  const command = commands.length === 0 ? '' : `: ${commands.join('; ')}`;
  const facts = [`as ${runas}`, when, state, ...packageOf(point)].join(', ');
  return `${kind} ${name} (${place})${command} [${facts}]${notes.length === 0 ? '' : ` !! ${notes.join('; ')}`}`;
}

function packageOf({ package: name, checksum }: FileFacts): readonly string[] {
  if (checksum === undefined) return [];
  return [name === undefined ? checksum : `${name} ${checksum}`];
}

function detailLines(point: Point): readonly Line[] {
  return [
    ...(point.owner === undefined ? [] : [line(`    ${describeFacts(point)}`, 'quiet')]),
    ...(point.programs ?? []).map((program) => line(`    ${describeProgram(program)}`, 'quiet')),
  ];
}

function describeProgram(program: Program): string {
  return `starts ${program.path}: ${program.missing ? 'missing' : describeFacts(program)}`;
}

function describeFacts({ linksto, owner, mode, mtime, size, sha256, ...rest }: FileFacts): string {
  return [
    ...(linksto === undefined ? [] : [`link to ${linksto}`]),
    `owner ${owner}`,
    ...(mode === undefined ? [] : [`mode ${mode}`]),
    `modified ${mtime}`,
    ...(size === undefined ? [] : [`${size} bytes`]),
    ...(sha256 === undefined ? [] : [`sha256 ${sha256}`]),
    ...packageOf(rest),
  ].join(', ');
}

function verdictOf({ missing, checksum }: Program): string {
  return missing ? 'missing' : (checksum ?? '');
}
