/**
 * The link protocol: what console and agent say to each other, one JSON object a line, over any transport that carries bytes in order.
 *
 *   console                         agent
 *   hello {protocol, version}  ->
 *                              <-   hello {protocol, agent}
 *   action {ref, action}       ->
 *                              <-   report {ref, n, report} ...   n counts from 1 per ref; the last report is `done`
 *   cancel {ref}               ->
 *   resume {ref, after}        ->   after a new link to a daemon: its reports behind number `after`, or unknown
 *                              <-   unknown {ref}
 *   alerts {after}             ->   from now on alerts behind number `after`; without it those that nobody has received yet
 *                              <-   alert {alert} ...
 *   received {alert}           ->   this alert and all before it are stored
 *   watch {module, on}         ->   what this persistent module tells, as it happens
 *                              <-   event {module, at, kind, text} ...
 *                              <-   agent {agent}                 the agent's row has changed
 *   bye                        ->   (or end of input)
 *
 * At the end of a link an agent that a console started cancels its operations and ends. A daemon lets them run on for a while: the console that comes back
 * resumes them.
 *
 * `ref` is the console's name for the action, unique for ever (a UUID): dispatching the same ref twice runs it once. Reports are delivered at least
 * once and in order; duplicates are dropped by (ref, agent, n). Both sides treat the other as hostile: lines are limited, shapes are checked.
 */
import { z } from 'zod';
import { ProtocolError } from '../base/app-error.ts';
import { agentInfoSchema } from './agent-info.ts';
import { alertSchema } from './alert.ts';
import { checkResult } from './result.ts';

export const linkProtocol = 1;
/** A result with 100,000 matches fits; anything longer ends the link. */
export const maxFrameBytes = 256 * 1024 * 1024;
/** Numbers of reports count up by one; progress that was not repeated leaves gaps, but one report may not number itself beyond all others. */
export const maxReportJump = 1_000_000;

export const commandStatuses = ['sent', 'success', 'failed', 'timeout', 'expired', 'cancelled'] as const;
/** MIG's command statuses. `sent` is the only one that is not final. */
export type CommandStatus = (typeof commandStatuses)[number];
/** How one operation of a command ended. */
export type OperationStatus = Exclude<CommandStatus, 'sent'>;

const errorSchema = z.object({ code: z.string().max(64), message: z.string().max(65_536), hint: z.string().max(4096) });
const count = z.number().int().nonnegative();

const resultSchema = z.unknown().transform((value, context) => {
  try {
    return checkResult(value);
  } catch (error) {
    context.addIssue({ code: 'custom', message: error instanceof Error ? error.message : String(error) });
    return z.NEVER;
  }
});

const reportSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('accepted') }),
  /** The whole action was refused: nothing ran. */
  z.object({ kind: z.literal('refused'), error: errorSchema }),
  /** The operation was taken on and its result will come later, perhaps from another process of the agent: a restart. */
  z.object({ kind: z.literal('inProgress'), operation: count, text: z.string().max(4096) }),
  /** How far an operation is: how many things it looked at, and how many findings it has. */
  z.object({ kind: z.literal('progress'), operation: count, examined: count, found: count }),
  /** Findings before the operation ended: a fragment in the shape of the module's elements. The final result contains them again. */
  z.object({ kind: z.literal('hits'), operation: count, elements: z.unknown().optional() }),
  z.object({
    kind: z.literal('result'),
    operation: count,
    status: z.enum(['success', 'failed', 'timeout', 'expired', 'cancelled']),
    /** True when the operation was stopped before its end and `result` holds what was found until then. */
    partial: z.boolean(),
    durationMs: z.number().nonnegative(),
    result: resultSchema,
  }),
  z.object({ kind: z.literal('done'), status: z.enum(commandStatuses).exclude(['sent']) }),
]);

/** What a persistent module tells while it runs. `state`: its supervision changed; `data`: an event of its own, one line of JSON as `text`. */
const moduleEventSchema = z.object({
  module: z.string().min(1).max(64),
  /** RFC 3339. */
  at: z.string().max(64),
  kind: z.enum(['log', 'alert', 'state', 'data']),
  text: z.string().max(65_536),
});

const toAgentSchema = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('hello'),
    protocol: z.number(),
    version: z.string().max(128),
    /** The account at the console, as it says itself: for the agent's log, not for any decision. */
    investigator: z.string().max(256).optional(),
  }),
  z.object({ type: z.literal('action'), ref: z.string().min(1).max(128), action: z.unknown().optional() }),
  z.object({ type: z.literal('cancel'), ref: z.string().min(1).max(128) }),
  z.object({ type: z.literal('resume'), ref: z.string().min(1).max(128), after: count }),
  z.object({ type: z.literal('alerts'), after: count.optional() }),
  z.object({ type: z.literal('received'), alert: count }),
  z.object({ type: z.literal('watch'), module: z.string().min(1).max(64), on: z.boolean() }),
  z.object({ type: z.literal('bye') }),
]);

const toConsoleSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('hello'), protocol: z.number(), agent: agentInfoSchema }),
  z.object({
    type: z.literal('report'),
    ref: z.string().min(1).max(128),
    n: z.number().int().positive(),
    report: reportSchema,
  }),
  /** Nothing is known of a ref that was to be resumed: it never came, or ended with an earlier process of the agent. */
  z.object({ type: z.literal('unknown'), ref: z.string().min(1).max(128) }),
  z.object({ type: z.literal('agent'), agent: agentInfoSchema }),
  z.object({ type: z.literal('alert'), alert: alertSchema }),
  z.object({ type: z.literal('event'), event: moduleEventSchema }),
  /** Something about the link itself: a line the agent could not read. */
  z.object({ type: z.literal('problem'), error: errorSchema }),
]);

export type ModuleEvent = z.infer<typeof moduleEventSchema>;
export type Report = z.infer<typeof reportSchema>;
export type ToAgentFrame = z.infer<typeof toAgentSchema>;
export type ToConsoleFrame = z.infer<typeof toConsoleSchema>;

/** A frame for the agent from one line. Throws ProtocolError FRAME_INVALID. */
export function parseToAgentFrame(line: string): ToAgentFrame {
  return parseFrame(toAgentSchema, line);
}

/** A frame for the console from one line. Throws ProtocolError FRAME_INVALID. */
export function parseToConsoleFrame(line: string): ToConsoleFrame {
  return parseFrame(toConsoleSchema, line);
}

/** One line with its end. */
export function formatFrame(frame: ToAgentFrame | ToConsoleFrame): string {
  return `${JSON.stringify(frame)}\n`;
}

function parseFrame<Frame>(schema: z.ZodType<Frame>, line: string): Frame {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (cause) {
    throw new ProtocolError(
      'FRAME_INVALID',
      `expected a frame as one line of JSON, got ${JSON.stringify(line.slice(0, 60))}`,
      { cause },
    );
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new ProtocolError(
    'FRAME_INVALID',
    `expected a known frame, got ${JSON.stringify(value)?.slice(0, 60)}: ${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}`,
  );
}
