import type { StartPoint } from '../../src/linux/startup/start-point.ts';
import { matchesMtime, parseMtimeCondition } from '../../src/files/mtime-condition.ts';
import { createTextsTest } from '../../src/files/match-texts.ts';
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
  const name = createTextsTest(params.names);
  const path = createTextsTest(params.paths);
  const command = createTextsTest(params.commands);
  const user = createTextsTest(params.users);
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
