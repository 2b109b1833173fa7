import { z } from 'zod';
import type { NumberedReport } from '../action-table.ts';

export const restartStates = [
  'accepted',
  'reported',
  'method',
  'stopping',
  'starting',
  'confirming',
  'success',
  'degraded',
  'failed',
] as const;
/** Where a restart stands; the last three are verdicts. restart-state.ts draws the ways between them. */
export type RestartState = (typeof restartStates)[number];

const identitySchema = z.object({ pid: z.number().int(), startTicks: z.number() });
const milliseconds = z.number();

/**
 * Everything about one restart, in one row on disk: the intent that the next process of the agent is matched with, and afterwards the trail of who restarted
 * what, when and how. Wall times are for people; what is decided is decided by the host's monotonic clock, which all processes since a boot share.
 */
const recordSchema = z.object({
  /** Whoever asks names it: the same id is the same restart. */
  id: z.string(),
  /** One persistent module; absent = the agent. */
  module: z.string().optional(),
  state: z.enum(restartStates),
  requester: z.string(),
  source: z.string(),
  requestedAtMs: milliseconds,
  requestedMonoMs: milliseconds,
  timeoutMs: milliseconds,
  /** By when the agent should be back and confirmed, on the monotonic clock. */
  deadlineMonoMs: milliseconds,
  /** Which restart of the same thing it is within the window of the limit. */
  attempt: z.number().int(),
  bootId: z.string(),
  /** The process that was asked. */
  agent: identitySchema,
  argvHash: z.string(),
  action: z.object({ ref: z.string(), operation: z.number(), operations: z.number() }).optional(),
  method: z.enum(['systemd', 'helper', 'module']).optional(),
  unit: z.string().optional(),
  helper: identitySchema.optional(),
  /** When the asked process had stopped its modules and left by itself. */
  leftMonoMs: milliseconds.optional(),
  killedAtMs: milliseconds.optional(),
  forced: z.boolean(),
  oldPid: z.number().optional(),
  successor: identitySchema.optional(),
  newPid: z.number().optional(),
  durationMs: milliseconds.optional(),
  endedAtMs: milliseconds.optional(),
  /** Why it is not a success. */
  reason: z.string().optional(),
  /** What else should be known: modules that did not get ready, or had to be killed. */
  notes: z.array(z.string()),
  /** It was never begun: the request was not right, or came too often, or while another ran. */
  isRefused: z.boolean(),
  /** What its action had reported when the asked process left. Checked where a console takes it. */
  reports: z.array(z.custom<NumberedReport>((value) => typeof value === 'object' && value !== null)),
});

export type RestartRecord = Readonly<z.infer<typeof recordSchema>>;

/** A record from its column. Throws what is wrong with it: the file was damaged, or written by another version. */
export function parseRestartRecord(text: string): RestartRecord {
  return recordSchema.parse(JSON.parse(text));
}

export function hasVerdict({ state }: Pick<RestartRecord, 'state'>): boolean {
  return state === 'success' || state === 'degraded' || state === 'failed';
}
