/**
 * Sends a signal to a process group (a child started with `detached` leads its own). True when there was somebody to receive it.
 * A group that is gone (ESRCH) or not ours any more (EPERM) is not an error: the aim was that nobody is left.
 */
export function signalGroup(leaderPid: number | undefined, signal: NodeJS.Signals): boolean {
  if (leaderPid === undefined || leaderPid <= 1) return false;
  try {
    return process.kill(-leaderPid, signal);
  } catch {
    // Gone already: that is what the caller wants.
    return false;
  }
}
