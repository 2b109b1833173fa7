/** MIG's: one sentence that says what was done; with `check`, what would be done. See `formatOutcome`. */
export type Elements = string;

/** MIG's module has none. */
export type Statistics = null;

/** What became of an agent. */
export interface Outcome {
  readonly pid: number;
  readonly version: string;
  /** False when it was only looked at. */
  readonly isKilled: boolean;
  /** The file that was, or would be, removed. */
  readonly removed: string | undefined;
}

/** "PID 4242 from agent 0.1.0 has been killed and its executable removed from /opt/gumshoe/bin/gumshoe-agent". */
export function formatOutcome({ pid, version, isKilled, removed }: Outcome): Elements {
  const executable = removed === undefined ? '' : ` and its executable removed from ${removed}`;
  return `PID ${pid} from agent ${version} ${isKilled ? 'has been' : 'would be'} killed${executable}`;
}

/** The same read back; undefined for anything else. */
export function parseOutcome(elements: unknown): Outcome | undefined {
  if (typeof elements !== 'string') return undefined;
  const found =
    /^PID (\d+) from agent (\S+) (has been|would be) killed(?: and its executable removed from (.*))?$/s.exec(elements);
  if (!found) return undefined;
  const [, pid, version = '', done, removed] = found;
  return { pid: Number(pid), version, isKilled: done === 'has been', removed };
}
