/** What /proc/PID/status says of a process: its name (at most 15 bytes, chosen by the process itself) and effective user. */
export interface ProcessStatus {
  readonly name: string;
  readonly uid: number;
}

/** Undefined when the text does not hold both. Source: proc(5), fs/proc/array.c: line ends and backslashes in a name are escaped, and nothing else is: a
 * carriage return in a name begins no line. */
export function parseStatus(text: string): ProcessStatus | undefined {
  const name = /(?<![^\n])Name:\t([^\n]*)\n/.exec(text)?.[1];
  const uid = /\nUid:\t\d+\t(\d+)\t/.exec(text)?.[1];
  if (name === undefined || uid === undefined) return undefined;
  return { name: name.replace(/\\(n|\\)/g, (_, letter) => (letter === 'n' ? '\n' : '\\')), uid: Number(uid) };
}

/** Who a process runs as, and which process a thread belongs to. */
export interface ProcessOwner {
  readonly threadGroup: number;
  readonly realUid: number;
  readonly effectiveUid: number;
  readonly realGid: number;
  readonly effectiveGid: number;
}

/** Undefined when the text of /proc/PID/status does not hold all of them. */
export function parseOwner(text: string): ProcessOwner | undefined {
  const group = /\nTgid:\t(\d+)\n/.exec(text);
  const user = /\nUid:\t(\d+)\t(\d+)\t/.exec(text);
  const groups = /\nGid:\t(\d+)\t(\d+)\t/.exec(text);
  if (!group || !user || !groups) return undefined;
  return {
    threadGroup: Number(group[1]),
    realUid: Number(user[1]),
    effectiveUid: Number(user[2]),
    realGid: Number(groups[1]),
    effectiveGid: Number(groups[2]),
  };
}
