import { z } from 'zod';
import { ModuleError } from '../../base/app-error.ts';
import type { Module } from '../../module/define-module.ts';
import type { PersistHost } from '../../module/persist.ts';

/** The first message to a persistent module: MIG's {config, hostname, environment, tags}, and ours. */
export interface PersistConfig {
  /** Validated by the module's schema. */
  readonly config: unknown;
  readonly host: PersistHost;
  readonly extraPrivacy: boolean;
  /** Its socket is made here. */
  readonly runFolder: string;
  /** Below it each module has a folder of its own. */
  readonly stateFolder: string;
  readonly agentPid: number | undefined;
  /** The agent says of each alert that it is stored. Others, like MIG's, do not, and are told without keys. */
  readonly hasReceipts: boolean;
}

const schema = z.object({
  config: z
    .unknown()
    .optional()
    .transform((value) => value ?? {}),
  hostname: z.string().max(1024).default(''),
  environment: z.unknown().optional(),
  tags: z
    .record(z.string(), z.string())
    .nullish()
    .transform((value) => value ?? {}),
  rundir: z.string().min(1).max(4096),
  statedir: z.string().min(1).max(4096),
  extraprivacy: z.boolean().default(false),
  agentpid: z.number().int().positive().optional(),
  receipts: z.boolean().default(false),
});

/** Throws ModuleError PARAMETERS_INVALID with the key and what was expected. MIG runs on with zeroes instead. */
export function parsePersistConfig(module: Module, parameters: unknown): PersistConfig {
  const message = check(schema, parameters, 'the configuration message');
  const config = module.persistent && check(module.persistent.config, message.config, `persistent.${module.name}`);
  return {
    config,
    host: { hostname: message.hostname, environment: message.environment, tags: message.tags },
    extraPrivacy: message.extraprivacy,
    runFolder: message.rundir,
    stateFolder: message.statedir,
    agentPid: message.agentpid,
    hasReceipts: message.receipts,
  };
}

function check<Value>(wanted: z.ZodType<Value>, value: unknown, what: string): Value {
  const parsed = wanted.safeParse(value);
  if (parsed.success) return parsed.data;
  const said = parsed.error.issues.slice(0, 5).map(({ path, message }) => `${[what, ...path].join('.')}: ${message}`);
  throw new ModuleError('PARAMETERS_INVALID', said.join('; '));
}
