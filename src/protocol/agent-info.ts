import { z } from 'zod';

export const persistentPhases = [
  'starting',
  'healthy',
  'silent',
  'stopping',
  'waiting',
  'stopped',
  'disabled',
] as const;

/** A persistent module as its agent supervises it. `waiting`: it ended, and is started again after a pause; `silent`: it runs and did not echo the last ping in time. */
export const persistentStateSchema = z.object({
  name: z.string().min(1).max(64),
  phase: z.enum(persistentPhases),
  /** Of the running process. */
  pid: z.number().int().positive().optional(),
  /** When the running process was started, RFC 3339. */
  starttime: z.string().max(64).optional(),
  /** How often it was started again since the agent started, asked for or not. */
  restarts: z.number().int().nonnegative(),
  /** Why it last ended or could not start, and when (RFC 3339). */
  lastFailure: z.object({ at: z.string().max(64), reason: z.string().max(4096) }).optional(),
});

export type PersistentState = z.infer<typeof persistentStateSchema>;

/** MIG's agent row: what an agent says about itself and its host, and what targets are evaluated against. */
export const agentInfoSchema = z.object({
  id: z.string().min(1).max(200),
  name: z.string().min(1).max(1024),
  version: z.string().max(128),
  pid: z.number().int().nonnegative(),
  mode: z.enum(['daemon', 'stdio']),
  /** RFC 3339. */
  starttime: z.string().max(64),
  environment: z.object({
    os: z.string().max(64),
    arch: z.string().max(64),
    ident: z.string().max(256),
    init: z.string().max(64),
    isproxied: z.boolean(),
    addresses: z.array(z.string().max(128)).max(4096),
    modules: z.array(z.string().max(64)).max(256),
    /** The account the agent runs as: what it may read depends on it. */
    user: z.string().max(256),
  }),
  tags: z.record(z.string().max(256), z.string().max(1024)),
  /** A daemon's persistent modules; absent where none are kept, as in an agent that a console started. */
  persistent: z.array(persistentStateSchema).max(64).optional(),
});

export type AgentInfo = z.infer<typeof agentInfoSchema>;
