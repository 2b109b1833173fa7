import type { PersistHost } from '../../src/module/persist.ts';
import type { QueuedAlert } from './alert-queue.ts';

/** MIG's record {hostname, environment, tags, event}, and with it which alert it is: the same key however often it is sent. */
export interface AlertRecord {
  readonly hostname: string;
  readonly environment: unknown;
  readonly tags: Readonly<Record<string, string>>;
  readonly event: unknown;
  /** AGENT-N */
  readonly id: string;
  readonly module: string;
  readonly at: string;
}

export function createRecord(host: PersistHost, alert: QueuedAlert): AlertRecord {
  const { hostname, environment, tags } = host;
  const { module, at } = alert;
  return {
    hostname,
    environment: environment ?? {},
    tags,
    event: readEvent(alert.message),
    id: keyOf(alert),
    module,
    at,
  };
}

/** What makes an alert the same alert: the agent's identity and the number it gave. */
export function keyOf({ agent, n }: Pick<QueuedAlert, 'agent' | 'n'>): string {
  return `${agent}-${n}`;
}

/** The JSON that the module wrote; any other text as MIG's {severity, alert}. MIG sends the event before it once more. */
export function readEvent(message: string): unknown {
  try {
    return JSON.parse(message) as unknown;
  } catch {
    return { severity: 'unknown', alert: message };
  }
}

/** MozDef's event, as MIG wraps its record. */
export function wrapForMozdef(record: AlertRecord, facts: { readonly pid: number }): unknown {
  return {
    timestamp: record.at,
    category: 'mig',
    hostname: record.hostname,
    processid: facts.pid,
    processname: 'gumshoe-agent',
    severity: 'INFO',
    source: '',
    summary: 'mig dispatch event',
    tags: ['mig-dispatch'],
    details: record,
  };
}
