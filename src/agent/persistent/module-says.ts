import { asObject } from '../../base/as-object.ts';
import { formatAlertMessage, maxAlertLength, severities } from '../../protocol/alert.ts';

export const maxLogLength = 8192;
const maxEventLength = 65_536;
const cut = '... (cut: it was too long)';

/** An alert as it travels: a text as it is, an object as JSON. What is too long is cut, and stays JSON with its severity. Never throws. */
export function formatAlert(message: Readonly<Record<string, unknown>> | string): string {
  const text = typeof message === 'string' ? message : stringify(message);
  if (text.length <= maxAlertLength) return text;
  if (typeof message === 'string') return text.slice(0, maxAlertLength - cut.length) + cut;
  const severity = severities.find((one) => one === message['severity']) ?? 'unknown';
  const said = typeof message['alert'] === 'string' ? message['alert'] : text;
  // JSON may write one character as six.
  return formatAlertMessage(severity, said.slice(0, Math.floor(maxAlertLength / 6) - 100) + cut);
}

/** An event as one line of JSON; undefined for what is too long to be told. */
export function formatEvent(fields: Readonly<Record<string, unknown>>): string | undefined {
  const text = stringify(fields);
  return text.length <= maxEventLength ? text : undefined;
}

function stringify(value: Readonly<Record<string, unknown>>): string {
  try {
    return JSON.stringify(asObject(value) ?? {});
  } catch {
    // A value that JSON cannot hold (a cycle, a bigint): that something was said must not be lost.
    return String(Object.keys(value));
  }
}
