import { z } from 'zod';
import { ProtocolError } from '../base/app-error.ts';

/**
 * The envelope of every module run, exactly as on MIG's wire: five keys, always all of them.
 * success: the module ran to its end (soft problems may still stand in errors); foundanything: at least one positive finding.
 */
export interface ModuleResult<Elements = unknown, Statistics = unknown> {
  readonly foundanything: boolean;
  readonly success: boolean;
  readonly elements: Elements | null;
  readonly statistics: Statistics | null;
  readonly errors: readonly string[] | null;
}

const maxErrors = 100_000;

const schema = z.object({
  foundanything: z.boolean().default(false),
  success: z.boolean().default(false),
  elements: z
    .unknown()
    .optional()
    .transform((value) => value ?? null),
  statistics: z
    .unknown()
    .optional()
    .transform((value) => value ?? null),
  errors: z
    .array(z.string())
    .max(maxErrors)
    .nullish()
    .transform((value) => value ?? null),
});

/** The envelope from one line of JSON. Throws ProtocolError RESULT_INVALID. */
export function parseResult(line: string): ModuleResult {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (cause) {
    throw new ProtocolError('RESULT_INVALID', `expected a result as one line of JSON, got ${describeText(line)}`, {
      cause,
    });
  }
  return checkResult(value);
}

/** The same from a value that was parsed already. */
export function checkResult(value: unknown): ModuleResult {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new ProtocolError(
    'RESULT_INVALID',
    `expected a result envelope, got a wrong ${issue?.path.join('.') || 'value'}: ${issue?.message ?? 'unknown'}`,
  );
}

/** The envelope of a run that failed before it found anything. */
export function failedResult(errors: readonly string[]): ModuleResult {
  return { foundanything: false, success: false, elements: null, statistics: null, errors };
}

function describeText(line: string): string {
  return line === '' ? 'nothing' : `${line.length} characters that begin with ${JSON.stringify(line.slice(0, 40))}`;
}
