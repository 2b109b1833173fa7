/** Rules as MIG's rule files say them. */
import { z } from 'zod';

const maxRules = 1024;
/** The kernel takes 256 bytes; the module's own mark stands in front. */
const key = z
  .string()
  .max(200)
  .regex(/^[\x20-\x7e]*$/, { error: 'expected a key of printable ASCII characters' });

/** A watch of a file or a folder. */
const watch = z.strictObject({
  path: z
    .string()
    .max(4096)
    .regex(/^\//, { error: 'expected an absolute path' })
    .refine((path) => !path.split('/').includes('..') && !path.includes('\0'), { error: 'expected a path without ..' }),
  permission: z
    .string()
    .regex(/^[rwxa]{1,4}$/, { error: 'expected one to four of r, w, x and a' })
    .default('rwxa'),
  key: key.default(''),
  strict_path_check: z.boolean().default(false),
});

const syscallRule = z.strictObject({
  actions: z
    .array(z.enum(['always', 'never', 'possible', 'task', 'exit', 'entry', 'user', 'exclude']))
    .min(1)
    .max(2),
  syscalls: z.array(z.string().max(64)).max(600).default([]),
  fields: z
    .array(
      z.strictObject({
        name: z.string().max(64),
        op: z.enum(['eq', 'nt_eq', 'gt', 'lt', 'gt_or_eq', 'lt_or_eq', 'and', 'and_eq']),
        value: z.union([z.number(), z.string().max(4096)]),
      }),
    )
    .max(60)
    .default([]),
  key: key.default(''),
});

export type WatchInput = z.output<typeof watch>;
export type SyscallRuleInput = z.output<typeof syscallRule>;
export type RuleInput = WatchInput | SyscallRuleInput;

/** With `path` it is a watch, otherwise a rule for system calls: so that what is wrong is said of the kind that was meant. */
const rule = z.unknown().transform((value, context): RuleInput => {
  const isWatch = typeof value === 'object' && value !== null && 'path' in value;
  const parsed = (isWatch ? watch : syscallRule).safeParse(value);
  if (parsed.success) return parsed.data;
  for (const { path, message } of parsed.error.issues) context.addIssue({ code: 'custom', path, message });
  return z.NEVER;
});

export const rules = z.array(rule).max(maxRules);

/** MIG's rule file. Its other keys (delete, enable, buffer, rate) are read and not used, as in MIG. */
export const ruleFile = z.looseObject({ audit_rules: rules });
