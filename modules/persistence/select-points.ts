import type { StartPoint } from '../../src/linux/startup/start-point.ts';
import { matchesMtime, parseMtimeCondition } from '../../src/files/mtime-condition.ts';
import { parsePattern } from '../../src/files/pattern.ts';
import type { FileFacts, Point } from './elements.ts';
import type { Params } from './params.ts';

/** The conditions of validated parameters, in the order of what they cost. */
export interface Selection {
  /** What can be said before any file is looked at; the programs as paths. */
  readonly acceptsText: (point: StartPoint, programs: readonly string[]) => boolean;
  /** Times of modification of the file and its programs. */
  readonly acceptsTimes: (mtimesMs: readonly number[]) => boolean;
  readonly acceptsPoint: (point: Point) => boolean;
}

export function createSelection(params: Params, nowMs: number): Selection {
  const name = createTextTest(params.names);
  const path = createTextTest(params.paths);
  const command = createTextTest(params.commands);
  const user = createTextTest(params.users);
  const changed = params.changed === undefined ? undefined : parseMtimeCondition(params.changed);
  return {
    acceptsText: (point, programs) =>
      (!params.enabled || point.state === 'enabled') &&
      name([point.name]) &&
      path([point.path, ...programs]) &&
      command(point.commands) &&
      user([point.runsAs]),
    acceptsTimes: (mtimesMs) =>
      changed === undefined || mtimesMs.some((mtimeMs) => matchesMtime(changed, mtimeMs, nowMs)),
    acceptsPoint: (point) =>
      (!params.suspicious || point.notes.length > 0) &&
      (!params.unpackaged || [point, ...(point.programs ?? [])].some(isForeign)),
  };
}

/** Of no package, or other than its package's. */
function isForeign({ checksum }: FileFacts): boolean {
  return checksum === 'not packaged' || checksum === 'differs' || checksum === 'configuration file';
}

/** Of several expressions one must match one of the texts; those that begin with ! must match none. */
function createTextTest(patterns: readonly string[] | undefined): (texts: readonly string[]) => boolean {
  const parsed = (patterns ?? []).map(parsePattern);
  const wanted = parsed.filter(({ isInverted }) => !isInverted);
  const unwanted = parsed.filter(({ isInverted }) => isInverted);
  return (texts) =>
    (wanted.length === 0 || wanted.some(({ regex }) => texts.some((text) => regex.test(text)))) &&
    !unwanted.some(({ regex }) => texts.some((text) => regex.test(text)));
}
