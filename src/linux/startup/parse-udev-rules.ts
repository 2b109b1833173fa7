/** A rule of udev(7) that runs a program. */
export interface UdevRule {
  readonly commands: readonly string[];
  /** What the rule matches: 'ACTION=="add" SUBSYSTEM=="usb"'. */
  readonly matches: string;
  readonly line: number;
}

const maxRules = 20_000;
const term = /(?<![A-Z_])([A-Z_]+)(?:\{([^{}"]*)\})?\s*(==|!=|\+=|-=|:=|=)\s*(?:e|i)?"((?:[^"\\]|\\.)*)"/g;

/** Rules with RUN, PROGRAM or IMPORT{program}; what udev does itself (builtins) is left out. Continued lines are joined. */
export function parseUdevRules(text: string): readonly UdevRule[] {
  const rules: UdevRule[] = [];
  let pending = '';
  let start = 1;
  for (const [index, raw] of text.split('\n').entries()) {
    const content = raw.trim();
    if (pending === '') start = index + 1;
    if (content.startsWith('#')) continue;
    if (content.endsWith('\\')) {
      pending += `${content.slice(0, -1)} `;
      continue;
    }
    const rule = rules.length < maxRules ? parseRule(pending + content) : undefined;
    if (rule) rules.push({ ...rule, line: start });
    pending = '';
  }
  return rules;
}

function parseRule(text: string): Omit<UdevRule, 'line'> | undefined {
  const commands: string[] = [];
  const matches: string[] = [];
  for (const [, key = '', attribute = '', operator = '', value = ''] of text.matchAll(term)) {
    const starts =
      (key === 'RUN' && attribute !== 'builtin') || key === 'PROGRAM' || (key === 'IMPORT' && attribute === 'program');
    if (starts && value !== '') commands.push(value);
    else if ((operator === '==' || operator === '!=') && matches.length < 10) {
      matches.push(`${key}${attribute === '' ? '' : `{${attribute}}`}${operator}${value}`);
    }
  }
  return commands.length === 0 ? undefined : { commands: commands.slice(0, 20), matches: matches.join(' ') };
}
