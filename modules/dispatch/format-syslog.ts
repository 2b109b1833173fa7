import type { PersistHost } from '../../src/module/persist.ts';
import { readAlertMessage, type Severity } from '../../src/protocol/alert.ts';
import type { QueuedAlert } from './alert-queue.ts';
import { keyOf, readEvent } from './record.ts';

/** RFC 5424 6.2.1. */
const severityNumbers: Readonly<Record<Severity, number>> = { critical: 2, high: 3, medium: 4, low: 5, unknown: 6 };

/**
 * An alert as a message of RFC 5424: MSGID is the module, the structured data hold the key of the alert, the text is the event as JSON on one line. A
 * longer message than maxBytes is cut behind a whole character, and ends in "...".
 */
export function formatSyslog(
  alert: QueuedAlert,
  options: { readonly facility: number; readonly host: PersistHost; readonly maxBytes: number },
): Buffer {
  const priority = options.facility * 8 + severityNumbers[readAlertMessage(alert.message).severity];
  const data = `[gumshoe@32473 id="${escapeValue(keyOf(alert))}" module="${escapeValue(alert.module)}"]`;
  const head = [
    `<${priority}>1`,
    formatTime(alert.at),
    word(options.host.hostname, 255),
    'gumshoe-agent',
    process.pid,
    word(alert.module, 32),
    data,
  ].join(' ');
  // Controls are escapes in JSON, so the text has no line end.
  return cut(Buffer.from(`${head} \ufeff${JSON.stringify(readEvent(alert.message))}`), options.maxBytes);
}

/** PRINTUSASCII, or "-" for nothing. */
function word(text: string, maxLength: number): string {
  const kept = text.replaceAll(/[^\x21-\x7e]/g, '_').slice(0, maxLength);
  return kept === '' ? '-' : kept;
}

/** Of RFC 3339 the syslog's form; "-" where an alert has another time. */
function formatTime(at: string): string {
  return /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?(Z|[+-]\d\d:\d\d)$/.test(at) ? at : '-';
}

function escapeValue(text: string): string {
  return text.replaceAll(/["\\\]]/g, String.raw`\$&`).replaceAll(/\p{Cc}/gu, ' ');
}

function cut(bytes: Buffer, maxBytes: number): Buffer {
  if (bytes.length <= maxBytes) return bytes;
  let end = maxBytes - 3;
  // Bytes 10xxxxxx go on with a character.
  while (end > 0 && ((bytes[end] ?? 0) & 0xc0) === 0x80) end--;
  return Buffer.concat([bytes.subarray(0, end), Buffer.from('...')]);
}
