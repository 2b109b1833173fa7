import { readFileSync, statSync } from 'node:fs';
import { messageOf, ModuleError } from '../../src/base/app-error.ts';
import { nearest } from '../../src/base/nearest.ts';
import { createRecordTypeNames } from '../../src/linux/audit/record-types.ts';
import type { Config } from './config.ts';
import { ruleFile, type RuleInput } from './rule-schema.ts';

const maxFileBytes = 1024 * 1024;

/** The rules of the configuration, then those of its file. Throws ModuleError AUDIT_RULES. */
export function readRules({ rules, rulespath }: Config): readonly RuleInput[] {
  return rulespath === '' ? rules : [...rules, ...parseRuleFile(rulespath, readRuleFile(rulespath))];
}

/** MIG's {"audit_rules": [...]}. Throws ModuleError AUDIT_RULES that names file and place. */
export function parseRuleFile(path: string, text: string): readonly RuleInput[] {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new ModuleError('AUDIT_RULES', `${path} is not JSON: ${messageOf(cause)}`, { cause });
  }
  const parsed = ruleFile.safeParse(value);
  if (parsed.success) return parsed.data.audit_rules;
  const [issue] = parsed.error.issues;
  throw new ModuleError('AUDIT_RULES', `${path}: ${issue?.path.join('.')}: ${issue?.message}`);
}

/** Throws ModuleError AUDIT_RULES for a type of events that audit does not have: it would be waited for in vain. */
export function checkTypes(types: readonly string[]): void {
  const known = createRecordTypeNames();
  const unknown = types.find((type) => type !== '*' && known.typeOf(type) === undefined);
  if (unknown === undefined) return;
  const like = nearest(unknown, known.names);
  throw new ModuleError('AUDIT_RULES', `types: audit has no type ${unknown}${like ? `, but ${like}` : ''}`);
}

function readRuleFile(path: string): string {
  try {
    const stat = statSync(path);
    if (!stat.isFile() || stat.size > maxFileBytes) throw new Error('expected a file of at most 1 MiB');
    return readFileSync(path, 'utf8');
  } catch (cause) {
    throw new ModuleError('AUDIT_RULES', `the rule file ${path} cannot be read: ${messageOf(cause)}`, { cause });
  }
}
