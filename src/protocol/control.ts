/**
 * What may be asked of a running agent through its control socket, RUN/agent.sock: one line of JSON there, one or more lines back.
 *
 *   caller                                   agent
 *   status                               ->
 *                                        <-  status {agent, ...}
 *   restart {id, module?, timeoutMs?}    ->                     also with waitsUntilMs, as shutdown
 *                                        <-  inProgress {text} ...   it is on disk; several times, as it goes on
 *                                        <-  outcome {state, end}    unless the restart ends this process: then the next one answers `outcome {id}`
 *   outcome {id}                         ->
 *                                        <-  outcome {state, end?}
 *   shutdown                             ->
 *                                        <-  stopping {pid}          and then it ends
 *   anything else                        ->
 *                                        <-  problem {error}
 *
 * A first line that is a `hello` of the link protocol (frame.ts) makes the connection a console's link instead.
 */
import { z } from 'zod';
import { ProtocolError } from '../base/app-error.ts';
import { agentInfoSchema } from './agent-info.ts';
import { checkResult } from './result.ts';

/** The first line of a connection, a hello or a request, is short. */
export const maxRequestBytes = 64 * 1024;

const id = z.string().min(1).max(256);

/** How long the caller waits for a first answer, in the host's monotonic time: an agent that hears it later (it was stopped) does nothing that nobody waits for. */
const waitsUntilMs = z.number().optional();

const requestSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('status') }),
  z.object({
    type: z.literal('restart'),
    /** The caller's name for it, unique for ever: asked twice it restarts once. */
    id,
    /** One persistent module; absent = the agent. */
    module: z.string().min(1).max(64).optional(),
    timeoutMs: z.number().int().positive().max(3_600_000).optional(),
    /** The account that asks, as it says itself; the agent adds what the system says of it. */
    requester: z.string().max(256).optional(),
    waitsUntilMs,
  }),
  z.object({ type: z.literal('outcome'), id }),
  z.object({ type: z.literal('shutdown'), waitsUntilMs }),
]);

const errorSchema = z.object({ code: z.string().max(64), message: z.string().max(65_536), hint: z.string().max(4096) });

const endSchema = z.object({
  status: z.enum(['success', 'failed', 'timeout', 'expired', 'cancelled']),
  partial: z.boolean(),
  durationMs: z.number().nonnegative(),
  result: z.unknown().transform((value) => checkResult(value)),
});

const answerSchema = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('status'),
    agent: agentInfoSchema,
    uptimeMs: z.number().nonnegative(),
    runFolder: z.string().max(4096),
    stateFolder: z.string().max(4096),
    /** The file of its configuration; absent where the defaults hold. */
    config: z.string().max(4096).optional(),
    /** The file of its log; absent = standard error. */
    log: z.string().max(4096).optional(),
    /** Actions that have not ended, and consoles connected. */
    running: z.number().int().nonnegative(),
    links: z.number().int().nonnegative(),
    isRestarting: z.boolean(),
  }),
  z.object({ type: z.literal('inProgress'), text: z.string().max(4096) }),
  z.object({
    type: z.literal('outcome'),
    /** `unknown`: this agent never heard of that id. */
    state: z.enum(['inProgress', 'success', 'degraded', 'failed', 'unknown']),
    end: endSchema.optional(),
  }),
  z.object({ type: z.literal('stopping'), pid: z.number().int().positive() }),
  z.object({ type: z.literal('problem'), error: errorSchema }),
]);

export type ControlRequest = z.infer<typeof requestSchema>;
export type ControlAnswer = z.infer<typeof answerSchema>;
export type AgentStatus = Extract<ControlAnswer, { type: 'status' }>;

/** A request from one line. Throws ProtocolError FRAME_INVALID. */
export function parseControlRequest(line: string): ControlRequest {
  return parseLine(requestSchema, line, 'a request (status, restart, outcome, shutdown)');
}

/** An answer from one line. Throws ProtocolError FRAME_INVALID. */
export function parseControlAnswer(line: string): ControlAnswer {
  return parseLine(answerSchema, line, 'an answer of the agent');
}

/** One line with its end. */
export function formatControl(message: ControlRequest | ControlAnswer): string {
  return `${JSON.stringify(message)}\n`;
}

function parseLine<Message>(schema: z.ZodType<Message>, line: string, what: string): Message {
  const got = JSON.stringify(line.slice(0, 60));
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (cause) {
    throw new ProtocolError('FRAME_INVALID', `expected ${what} as one line of JSON, got ${got}`, { cause });
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new ProtocolError(
    'FRAME_INVALID',
    `expected ${what}, got ${got}: ${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}`,
  );
}
