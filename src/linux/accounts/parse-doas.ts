import { beforeHash } from '../host/before-hash.ts';
import { createUnparsed, type Unparsed } from '../host/unparsed.ts';
import type { SudoRight } from './find-sudo-rights.ts';

/** A rule of doas.conf(5) that permits, and whom. */
export interface DoasRule {
  /** A user name, or a group as ":wheel". */
  readonly identity: string;
  readonly right: SudoRight;
}

const maxRules = 10_000;

/** The permitting rules of doas.conf. A later "deny" is not subtracted: what was permitted once is told, and where. */
export function parseDoas(
  text: string,
  file: string,
): { readonly rules: readonly DoasRule[]; readonly unparsed: Unparsed } {
  const rules: DoasRule[] = [];
  const unparsed = createUnparsed();
  for (const [index, raw] of text.split('\n').entries()) {
    const content = beforeHash(raw).trim();
    if (content === '') continue;
    const rule = rules.length < maxRules ? parseRule(content, { file, line: index + 1 }) : 'wrong';
    if (rule === 'wrong') unparsed.add(index + 1);
    else if (rule !== undefined) rules.push(rule);
  }
  return { rules, unparsed };
}

function parseRule(
  content: string,
  place: { readonly file: string; readonly line: number },
): DoasRule | 'wrong' | undefined {
  const words = content.replace(/\{[^{}]*\}/g, ' ').split(/\s+/);
  const action = words.shift();
  if (action === 'deny') return undefined;
  if (action !== 'permit') return 'wrong';
  const options = new Set<string>();
  while (/^(nopass|nolog|persist|keepenv|setenv)$/.test(words[0] ?? '')) options.add(words.shift() ?? '');
  const identity = words.shift()?.replaceAll('"', '');
  if (identity === undefined || identity === '') return 'wrong';
  const runAs = words[0] === 'as' ? (words.splice(0, 2)[1] ?? 'root') : 'any';
  const command =
    words[0] === 'cmd'
      ? words
          .slice(1)
          .filter((word) => word !== 'args')
          .join(' ')
      : 'ALL';
  const right: SudoRight = {
    tool: 'doas',
    ...place,
    who: identity,
    runAs: runAs === 'any' ? 'ALL' : runAs,
    commands: [command],
    withoutPassword: options.has('nopass'),
    targetPassword: false,
    asRoot: runAs === 'any' || runAs === 'root',
    all: command === 'ALL',
    withPassword: [],
    allFree: command === 'ALL' && options.has('nopass') && (runAs === 'any' || runAs === 'root'),
  };
  return { identity, right };
}
