/** With thousands of accounts and hundreds of rules, asking every rule about every account takes seconds: most name somebody else. */
import type { SudoAlias, SudoRule } from './parse-sudoers.ts';

/** What is asked about. */
export interface SudoSubject {
  readonly name: string;
  readonly uid: number | undefined;
  readonly groups: readonly { readonly name: string; readonly gid: number }[];
}

export interface RuleIndex<Rule> {
  /** The rules that name the subject, one of its groups or everybody, whether to include or to exclude, in their order. */
  readonly mayHold: (subject: SudoSubject) => readonly Rule[];
}

/** Aliases of aliases looked into for all rules together; rules beyond are asked about everybody. */
const maxLooks = 1_000_000;

export function indexRules<Rule extends SudoRule>(
  rules: readonly Rule[],
  aliases: ReadonlyMap<string, SudoAlias>,
): RuleIndex<Rule> {
  const byName = new Map<string, number[]>();
  let looks = 0;
  for (const [at, rule] of rules.entries()) {
    const seen = new Set<string>();
    const pending = [...rule.users];
    for (let entry = pending.pop(); entry !== undefined; entry = pending.pop()) {
      const plain = looks++ < maxLooks ? entry.replace(/^!+/, '').replace(/^%:/, '%') : 'ALL';
      if (seen.has(plain)) continue;
      seen.add(plain);
      const alias = aliases.get(`User_Alias ${plain}`);
      for (const member of alias?.members ?? []) pending.push(member);
      const list = byName.get(plain) ?? [];
      byName.set(plain, list);
      list.push(at);
    }
  }
  return {
    mayHold: ({ name, uid, groups }) => {
      const names = ['ALL', name, `#${uid}`, ...groups.flatMap((group) => [`%${group.name}`, `%#${group.gid}`])];
      const found = new Set(names.flatMap((one) => byName.get(one) ?? []));
      return [...found].sort((a, b) => a - b).flatMap((at) => rules[at] ?? []);
    },
  };
}
