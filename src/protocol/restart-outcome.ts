import { z } from 'zod';

export const restartVerdicts = ['success', 'degraded', 'failed'] as const;
/** How a restart ended. `degraded`: what was restarted runs again, and not all is as it was before, or as it was asked for. */
export type RestartVerdict = (typeof restartVerdicts)[number];

const milliseconds = z.number().nonnegative();
const pid = z.number().int().positive();

/** What became of a restart: the elements of agentrestart's result. Keys that do not apply are absent. */
export const restartOutcomeSchema = z.object({
  state: z.enum(restartVerdicts),
  /** The persistent module that was restarted; absent = the agent. */
  module: z.string().max(64).optional(),
  oldpid: pid.optional(),
  newpid: pid.optional(),
  /** From the request to the verdict. */
  durationms: milliseconds.optional(),
  /** It did not end by itself and had to be killed. */
  forced: z.boolean(),
  /** systemd: by its unit; helper: by a process apart from the agent; module: by the agent itself. */
  method: z.enum(['systemd', 'helper', 'module']).optional(),
  unit: z.string().max(256).optional(),
  requester: z.string().max(1024),
  source: z.string().max(64),
  /** RFC 3339. */
  requestedat: z.string().max(64),
  /** Why it is not a success. */
  reason: z.string().max(4096).optional(),
});

export type RestartOutcome = z.infer<typeof restartOutcomeSchema>;

/** What an agent, or a module, may be given to end by itself. */
export const maxRestartTimeoutMs = 600_000;
export const defaultRestartTimeoutMs = 30_000;
