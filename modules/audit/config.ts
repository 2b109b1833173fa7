import { z } from 'zod';
import { rules } from './rule-schema.ts';

/** Rare on a quiet host, and of interest without a rule: changes of audit itself, programs that crash, tricks with links, interfaces that listen to all. */
const defaultTypes = [
  'CONFIG_CHANGE',
  'FEATURE_CHANGE',
  'ANOM_ABEND',
  'ANOM_PROMISCUOUS',
  'ANOM_LINK',
  'ANOM_CREAT',
  'MAC_STATUS',
  'MAC_POLICY_LOAD',
];

const limit = (unit: string) =>
  z
    .int({ error: `expected a whole number of ${unit}, 0 for the default` })
    .min(0)
    .max(1_000_000)
    .default(0);

/** MIG's section [audit], with rules in it beside those of a file, and with what else makes an alert. */
export const config = z.strictObject({
  rulespath: z
    .string()
    .max(4096)
    .regex(/^(\/|$)/, { error: 'expected an absolute path of a rule file' })
    .default(''),
  ratelimit: limit('alerts a second'),
  backloglimit: limit('records'),
  includeraw: z.boolean().default(false),
  rules: rules.default([]),
  types: z
    .array(z.string().regex(/^(\*|[A-Z0-9_]{2,40})$/, { error: 'expected a type such as USER_LOGIN, or *' }))
    .max(300)
    .default(defaultTypes),
  keys: z.array(z.string().min(1).max(256)).max(1000).default([]),
});

export type Config = z.output<typeof config>;

export const defaults = { alertsPerSecond: 500, backlogLimit: 16_384 } as const;

export const configExample = `# Rules for the kernel, as in MIG's rule files: what is watched, or which system calls are told.
rules:
  - path: /etc/passwd
    permission: wa
    key: accounts
  - path: /etc/sudoers
    permission: wa
    key: sudo
# More of them from a file: {"audit_rules": [...]}.
#rulespath: /etc/gumshoe/audit.rules.json
# Alerts a second; what is more is counted and told as a number. 0 = 500.
#ratelimit: 0
# Records that may wait in the kernel, where no auditd has set it. 0 = 16384.
#backloglimit: 0
# The records as the kernel wrote them, in each alert.
#includeraw: false
# Types of events that make an alert without a rule of this agent; "*" = all.
#types: [${defaultTypes.join(', ')}]
# Keys of rules of others that make an alert, too.
#keys: []
`;
