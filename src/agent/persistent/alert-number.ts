import { closeSync, fsyncSync, openSync, readFileSync, writeSync } from 'node:fs';
import { messageOf } from '../../base/app-error.ts';
import type { Log } from '../../base/log.ts';

/** The last number that was given to an alert, beside the alerts themselves: it outlives a damaged or lost database, and a full disk. */
export interface AlertNumber {
  /** 0 when none was given. */
  readonly last: () => number;
  readonly write: (n: number) => void;
  readonly close: () => void;
}

const width = 16;

/** Opens or makes the file. What cannot be written is logged once: numbers then hold for this life of the agent. */
export function openAlertNumber(path: string, log: Log): AlertNumber {
  let last = readLast(path);
  let fd: number | undefined;
  let isTold = false;
  const attempt = (work: () => void): void => {
    try {
      work();
    } catch (error) {
      if (!isTold) log.error('the number of the last alert is not kept', { path, reason: messageOf(error) });
      isTold = true;
    }
  };
  // Neither truncated nor appended to: the same bytes are overwritten, which needs no room on the disk.
  attempt(() => {
    fd = openSync(path, 'a', 0o600);
    closeSync(fd);
    fd = openSync(path, 'r+');
  });
  return {
    last: () => last,
    write: (n) => {
      last = n;
      attempt(() => {
        if (fd !== undefined) writeSync(fd, `${String(n).padStart(width, '0')}\n`, 0);
      });
    },
    close: () => {
      attempt(() => {
        if (fd === undefined) return;
        fsyncSync(fd);
        closeSync(fd);
      });
      fd = undefined;
    },
  };
}

function readLast(path: string): number {
  try {
    const text = readFileSync(path, 'latin1').trim();
    return /^\d{1,16}$/.test(text) && Number.isSafeInteger(Number(text)) ? Number(text) : 0;
  } catch {
    // The first start, or it cannot be read: then the database tells.
    return 0;
  }
}
