/**
 * MIG's action (syntax version 2): what an investigator asks, and the file format it is kept and shared in.
 * Facts of the format: operations of named modules with their parameters, a target expression, a validity window, and who wrote it for which threat.
 * Files from the field have float revisions, Go's zero times, empty counters and missing options: all of them load.
 */
import { z } from 'zod';
import { messageOf, ProtocolError } from '../base/app-error.ts';
import { operationSchema, type Operation } from './operation.ts';
import { upgradeOperation } from './upgrade-action.ts';

/** Go's zero time: "not set". */
export const zeroTime = '0001-01-01T00:00:00Z';
const maxOperations = 1000;
const maxInflatedBytes = 64 * 1024 * 1024;

const text = z.string().max(65_536);
const time = z
  .string()
  .max(64)
  .refine((value) => !Number.isNaN(Date.parse(value)), { error: 'expected a time like 2026-11-21T07:00:00Z' });

/** Limits of the investigator for each operation; the agent's own limits stay the upper bound. */
export const limitsSchema = z
  .object({
    timeoutMs: z.number().int().positive().optional(),
    memoryBytes: z.number().int().positive().optional(),
    resultBytes: z.number().int().positive().optional(),
  })
  .strict();

const actionSchema = z.object({
  id: z.number().optional(),
  name: text.default(''),
  target: text.default(''),
  description: z
    .object({ author: text.optional(), email: text.optional(), url: text.optional(), revision: z.number().optional() })
    .nullish()
    .transform((value) => value ?? {}),
  threat: z
    .object({ ref: text.optional(), level: text.optional(), family: text.optional(), type: text.optional() })
    .nullish()
    .transform((value) => value ?? {}),
  validfrom: time.default(zeroTime),
  expireafter: time.default(zeroTime),
  operations: z
    .array(operationSchema)
    .max(maxOperations)
    .nullish()
    .transform((value) => value ?? []),
  pgpsignatures: z
    .array(text)
    .nullish()
    .transform((value) => value ?? []),
  syntaxversion: z.number().int().default(2),
  limits: limitsSchema.optional(),
});

export type Action = z.infer<typeof actionSchema>;
export type ActionLimits = z.infer<typeof limitsSchema>;

/** An action from a file's text, with what was found strange about it but did no harm. Throws ProtocolError ACTION_INVALID. */
export function parseAction(source: string): { readonly action: Action; readonly notices: readonly string[] } {
  let value: unknown;
  try {
    value = JSON.parse(source);
  } catch (cause) {
    throw new ProtocolError('ACTION_INVALID', `expected an action as JSON: ${messageOf(cause)}`, { cause });
  }
  const checked = checkAction(value);
  const upgraded = upgradeAction(checked.action);
  return { action: upgraded.action, notices: [...checked.notices, ...upgraded.notices] };
}

/** The same from a value that was parsed already. */
export function checkAction(value: unknown): { readonly action: Action; readonly notices: readonly string[] } {
  const parsed = actionSchema.safeParse(value);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw new ProtocolError(
      'ACTION_INVALID',
      `expected an action, got a wrong ${issue?.path.join('.') || 'value'}: ${issue?.message ?? ''}`,
    );
  }
  if (parsed.data.syntaxversion !== 2) {
    throw new ProtocolError('ACTION_INVALID', `expected syntaxversion 2, got ${parsed.data.syntaxversion}`);
  }
  return {
    action: { ...parsed.data, operations: parsed.data.operations.map(inflate).map(lowerModule) },
    notices: unknownKeys(value),
  };
}

/** MIG takes the name of a module in any case. */
function lowerModule(operation: Operation): Operation {
  return { ...operation, module: operation.module.toLowerCase() };
}

/** The operations in today's form, with a notice for each rewrite. An action that is signed stays as it is: a rewrite would change what was signed. */
function upgradeAction(action: Action): { readonly action: Action; readonly notices: readonly string[] } {
  const upgrades = action.operations.map(upgradeOperation);
  const notices = upgrades.flatMap((upgrade) => upgrade.notices);
  if (action.pgpsignatures.length > 0)
    return { action, notices: notices.map((notice) => `not rewritten, because the action is signed: ${notice}`) };
  return { action: { ...action, operations: upgrades.map(({ operation }) => operation) }, notices };
}

/** Everything that must hold before an action may be launched or run. Throws ProtocolError ACTION_INVALID. */
export function checkLaunchable(action: Action, nowMs: number): void {
  if (action.name === '') throw new ProtocolError('ACTION_INVALID', 'expected a name, got none');
  if (action.target === '') throw new ProtocolError('ACTION_INVALID', 'expected a target, got none');
  if (action.operations.length === 0)
    throw new ProtocolError('ACTION_INVALID', 'expected at least one operation, got none');
  const from = Date.parse(action.validfrom);
  const until = Date.parse(action.expireafter);
  if (action.expireafter !== zeroTime && until < from) {
    throw new ProtocolError(
      'ACTION_INVALID',
      `expected validfrom before expireafter, got ${action.validfrom} and ${action.expireafter}`,
    );
  }
  if (action.expireafter !== zeroTime && until <= nowMs) {
    throw new ProtocolError(
      'ACTION_INVALID',
      `expected an action that is still valid, got one that expired at ${action.expireafter}`,
    );
  }
}

/** Parameters that travel as base64(gzip(JSON)) become plain again, within a limit: a small bomb must not fill the memory. */
function inflate(operation: Operation): Operation {
  const { is_compressed: compressed, ...plain } = operation;
  if (!compressed) return plain;
  if (typeof operation.parameters !== 'string') {
    throw new ProtocolError(
      'ACTION_INVALID',
      `expected compressed parameters of ${operation.module} as text, got ${typeof operation.parameters}`,
    );
  }
  // Compressed parameters are rare, and an agent at rest does without the 2 MB of this module.
  const { gunzipSync } = process.getBuiltinModule('node:zlib');
  try {
    const json = gunzipSync(Buffer.from(operation.parameters, 'base64'), { maxOutputLength: maxInflatedBytes });
    return { ...plain, parameters: JSON.parse(json.toString('utf8')) as unknown };
  } catch (cause) {
    throw new ProtocolError(
      'ACTION_INVALID',
      `expected base64 of gzipped JSON as parameters of ${operation.module}: ${messageOf(cause)}`,
      { cause },
    );
  }
}

const knownKeys = new Set([
  ...Object.keys(actionSchema.shape),
  'investigators',
  'status',
  'starttime',
  'finishtime',
  'lastupdatetime',
  'counters',
]);

function unknownKeys(value: unknown): readonly string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.keys(value)
    .filter((key) => !knownKeys.has(key))
    .map((key) => `the action's key "${key}" is not known and was left out`);
}
