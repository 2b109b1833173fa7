/** A job of at(1). Source: at's name of its spool files (queue letter, number, minutes since 1970, in hexadecimal) and the script it writes. */
export interface AtJob {
  readonly queue: string;
  readonly timeMs: number;
  readonly uid: number | undefined;
  /** What was to be run, without the environment that at puts in front. */
  readonly command: string;
}

const maxCommandCharacters = 2000;

/** Undefined when the name is not that of a job. */
export function parseAtJob(name: string, text: string): AtJob | undefined {
  const [, queue, minutes] = /^([a-zA-Z=])[0-9a-f]{5}([0-9a-f]{8})$/.exec(name) ?? [];
  if (queue === undefined || minutes === undefined) return undefined;
  const uid = /^# atrun uid=(\d{1,10}) gid=\d+/m.exec(text)?.[1];
  // The environment ends with the change to the folder in which the job was made.
  const marker = /^\}\n/m.exec(text);
  const body = marker ? text.slice(marker.index + 2) : text;
  return {
    queue,
    timeMs: Number.parseInt(minutes, 16) * 60_000,
    uid: uid === undefined ? undefined : Number(uid),
    command: body.trim().slice(0, maxCommandCharacters),
  };
}
