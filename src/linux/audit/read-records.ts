/** Reads the kernel's audit records from its multicast group: beside auditd, which has a stream of its own. */
import { setImmediate, setTimeout } from 'node:timers/promises';
import type { OpenNetlinkPort } from '../../native/netlink-port.ts';
import { NETLINK_AUDIT, readLogGroup, readRecordMessage } from './messages.ts';
import { decodeText, parseRecord, type AuditRecord } from './parse-record.ts';

/** Room for records that wait while the process is busy: about 12,000. */
export const receiveBufferBytes = 16 * 1024 * 1024;
/** As many at once; the event loop turns between batches. */
const batchRecords = 500;
/** The pause after a batch with records, doubled up to the longest while nothing comes: a socket of this kind cannot wake the event loop. */
const shortestMs = 4;
const longestMs = 40;
/** Before a failed read is tried again. */
const retryMs = 1000;

export interface RecordStream extends Disposable {
  readonly receiveBufferBytes: number;
  /** Resolves when the stream was disposed of. */
  readonly ended: Promise<void>;
}

export interface RecordReader {
  readonly onRecord: (record: AuditRecord) => void;
  /** The buffer was full and the kernel threw so many records away. */
  readonly onOverrun: (records: number) => void;
  /** Messages that are no records. */
  readonly onUnknown: () => void;
  /** Reading failed; it is tried again after a second. */
  readonly onError: (error: unknown) => void;
  /** After every batch and pause: time to look what is due; whether all that was there has been read. */
  readonly onPause: (isDrained: boolean) => void;
}

/** Begins to read at once. Throws a system error: EPERM without CAP_AUDIT_READ. */
export function readRecords(open: OpenNetlinkPort, reader: RecordReader): RecordStream {
  const port = open({ protocol: NETLINK_AUDIT, groups: readLogGroup, receiveBufferBytes });
  const closed = new AbortController();

  const readBatch = (): number => {
    let count = 0;
    for (; count < batchRecords; count++) {
      const bytes = port.receive();
      if (!bytes) break;
      const message = readRecordMessage(bytes);
      const record = message && parseRecord(message.type, decodeText(message.payload));
      if (record) reader.onRecord(record);
      else reader.onUnknown();
    }
    return count;
  };

  const read = async (): Promise<void> => {
    let pauseMs = shortestMs;
    let drops = 0;
    while (!closed.signal.aborted) {
      let count = 0;
      let waitMs: number | undefined;
      try {
        count = readBatch();
      } catch (error) {
        if (error instanceof Error && 'code' in error && error.code === 'ENOBUFS') {
          const now = port.drops();
          reader.onOverrun((now - drops) >>> 0);
          drops = now;
          count = batchRecords;
        } else {
          reader.onError(error);
          waitMs = retryMs;
        }
      }
      reader.onPause(count < batchRecords);
      pauseMs = count > 0 ? shortestMs : Math.min(2 * pauseMs, longestMs);
      if (count === batchRecords) await setImmediate();
      else await setTimeout(waitMs ?? pauseMs);
    }
  };
  return {
    receiveBufferBytes: port.receiveBufferBytes,
    ended: read(),
    [Symbol.dispose]: () => {
      closed.abort();
      port[Symbol.dispose]();
    },
  };
}
