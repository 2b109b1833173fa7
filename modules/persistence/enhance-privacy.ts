import { masked } from '../../src/module/print.ts';
import type { ModuleResult } from '../../src/protocol/result.ts';
import type { Elements, Point, Program, Statistics } from './elements.ts';

/** Who is nobody in particular. */
const nobody = /^(root|\d*|new accounts|who\w* .*|every account|the kernel|a user of its own)$/;

/**
 * Masks people: owners and accounts other than root, their names as parts of paths, homes, and comments of keys. Commands stay, but for homes and names in
 * their paths.
 */
export function enhancePrivacy(result: ModuleResult<Elements, Statistics>): ModuleResult<Elements, Statistics> {
  const { elements, errors } = result;
  const points = elements?.points ?? [];
  const names = new Set(points.flatMap(namesIn).filter((name) => name !== '' && !nobody.test(name)));
  const hide = (text: string): string => hideNames(text, names);
  return {
    ...result,
    elements: elements && {
      ...elements,
      ...(elements.points ? { points: points.map((point) => maskPoint(point, hide)) } : {}),
    },
    errors: errors && errors.map(hide),
  };
}

function namesIn({ owner = '', runas, programs = [] }: Point): readonly string[] {
  return [owner, runas, ...programs.map((program) => program.owner ?? '')];
}

type Hide = (text: string) => string;

function maskPoint(point: Point, hide: Hide): Point {
  const { owner, commands, programs, kind } = point;
  return {
    ...point,
    path: hide(point.path),
    name: kind === 'ssh' ? masked : hide(point.name),
    ...(commands ? { commands: commands.map(hide) } : {}),
    runas: maskName(point.runas),
    when: hide(point.when),
    ...(owner === undefined ? {} : { owner: maskName(owner) }),
    ...(point.linksto === undefined ? {} : { linksto: hide(point.linksto) }),
    ...(programs ? { programs: programs.map((program) => maskProgram(program, hide)) } : {}),
    notes: point.notes.map(hide),
  };
}

function maskProgram(program: Program, hide: Hide): Program {
  const { owner, path, linksto } = program;
  return {
    ...program,
    path: hide(path),
    ...(linksto === undefined ? {} : { linksto: hide(linksto) }),
    ...(owner === undefined ? {} : { owner: maskName(owner) }),
  };
}

function maskName(name: string): string {
  return nobody.test(name) ? name : masked;
}

/** The part behind /home/, and whole words and parts of paths that are a name. */
function hideNames(text: string, names: ReadonlySet<string>): string {
  return text
    .replace(/\/home\/[^/\s,;'")]+/g, `/home/${masked}`)
    .replace(/[^/\s,;:='"()@~]+/g, (word) => (names.has(word) ? masked : word));
}
