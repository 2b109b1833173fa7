import { z } from 'zod';
import { parseRestartRecord } from './restart-record.ts';

const identity = z.object({ pid: z.number().int().min(2), startTicks: z.number() });

/** What an agent tells its helper, in one line. The helper knows nothing else, and trusts it: it comes through a pipe of its parent. */
const orderSchema = z.object({
  /** As it was stored last, without its reports; read again from the file where that can be read. */
  record: z.unknown().transform((value) => parseRestartRecord(JSON.stringify(value))),
  recordsPath: z.string(),
  /** The agent's log file; absent = standard error. */
  logPath: z.string().optional(),
  /** The processes of the persistent modules, each the leader of its group: killed together with the agent. */
  modules: z.array(identity.extend({ name: z.string() })).max(256),
});

export type RestartOrder = Readonly<z.infer<typeof orderSchema>>;

/** Its end without answer is waited for, so it stays far below what a pipe holds. */
export const maxOrderBytes = 60 * 1024;

/** What the helper says when it holds the agent and could begin. */
export const readyWord = 'ready';
/** What the agent says then: begin, or end without having done anything. The end of the pipe without a word means: begin. */
export const goWord = 'go';
export const cancelWord = 'cancel';

/** How long each side waits for the other's word. */
export const wordLimitMs = 3000;

export function formatOrder(order: RestartOrder): string {
  return `${JSON.stringify({ ...order, record: { ...order.record, reports: [] } })}\n`;
}

/** Throws what is wrong with it. */
export function parseOrder(line: string): RestartOrder {
  return orderSchema.parse(JSON.parse(line));
}
