import { userInfo } from 'node:os';

/** Who asks: what stands in the case, and what agents write into their logs. */
export function accountName(): string {
  try {
    return userInfo().username;
  } catch {
    // An account without an entry in the user database.
    return `uid ${process.getuid?.() ?? 'unknown'}`;
  }
}
