import { z } from 'zod';

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
});

export type AgentInfo = z.infer<typeof agentInfoSchema>;
