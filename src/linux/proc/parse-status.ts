/** What /proc/PID/status says of a process: its name (at most 15 bytes, chosen by the process itself) and effective user. */
export interface ProcessStatus {
  readonly name: string;
  readonly uid: number;
}

/** Undefined when the text does not hold both. Source: proc(5), fs/proc/array.c: line ends and backslashes in a name are escaped. */
export function parseStatus(text: string): ProcessStatus | undefined {
  const name = /^Name:\t(.*)$/m.exec(text)?.[1];
  const uid = /^Uid:\t\d+\t(\d+)\t/m.exec(text)?.[1];
  if (name === undefined || uid === undefined) return undefined;
  return { name: name.replace(/\\(n|\\)/g, (_, letter) => (letter === 'n' ? '\n' : '\\')), uid: Number(uid) };
}
