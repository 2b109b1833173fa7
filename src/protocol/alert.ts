import { z } from 'zod';
import { asObject } from '../base/as-object.ts';

export const severities = ['critical', 'high', 'medium', 'low', 'unknown'] as const;
/** MIG's severities of an alert. */
export type Severity = (typeof severities)[number];

export const maxAlertLength = 65_536;

/** What a persistent module raised, as the agent keeps it and hands it on. */
export const alertSchema = z.object({
  /** Counts up by one for the life of the agent's identity, restarts included: alerts are ordered, and dropped twice-delivered, by it. */
  n: z.number().int().positive(),
  module: z.string().min(1).max(64),
  /** RFC 3339, UTC. */
  at: z.string().max(64),
  /** As the module wrote it: MIG's modules write JSON, {"severity","alert"} or a shape of their own. */
  message: z.string().max(maxAlertLength),
});

export type Alert = z.infer<typeof alertSchema>;

/** What an alert says: of MIG's {"severity","alert"} both, of anything else the whole text. Never throws. */
export function readAlertMessage(message: string): { readonly severity: Severity; readonly text: string } {
  const value = parseObject(message);
  const severity = severities.find((one) => one === value?.['severity']) ?? 'unknown';
  const text = value?.['alert'];
  return { severity, text: typeof text === 'string' ? text : message };
}

/** MIG's alert message. */
export function formatAlertMessage(severity: Severity, text: string): string {
  return JSON.stringify({ severity, alert: text });
}

function parseObject(message: string): Readonly<Record<string, unknown>> | undefined {
  try {
    return asObject(JSON.parse(message));
  } catch {
    // An alert may be any text.
    return undefined;
  }
}
