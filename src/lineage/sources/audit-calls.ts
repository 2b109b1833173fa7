/** The system calls of a process's life, by the number that each kind of program has for them, and the rules that make audit tell them. Pure. */
import { keySeparator } from '../../linux/audit/interpret-event.ts';
import { yieldingKey } from '../../linux/audit/mark.ts';
import type { AuditRule, RuleField } from '../../linux/audit/rule.ts';

export type AuditCall = 'exec' | 'clone' | 'exit';

interface Calls {
  /** AUDIT_ARCH_*. */
  readonly arch: number;
  readonly exec: readonly number[];
  readonly clone: readonly number[];
  readonly exit: readonly number[];
}

/** execve, execveat; fork, vfork, clone, clone3; exit_group. A host runs programs of 32 bits, too. Source: asm/unistd.h of each, linux/audit.h. */
const tables: Readonly<Partial<Record<NodeJS.Architecture, readonly Calls[]>>> = {
  x64: [
    { arch: 0xc000_003e, exec: [59, 322], clone: [57, 58, 56, 435], exit: [231] },
    { arch: 0x4000_0003, exec: [11, 358], clone: [2, 190, 120, 435], exit: [252] },
  ],
  arm64: [
    { arch: 0xc000_00b7, exec: [221, 281], clone: [220, 435], exit: [94] },
    { arch: 0x4000_0028, exec: [11, 387], clone: [2, 190, 120, 435], exit: [248] },
  ],
};

/** Undefined where the calls of this machine are not known. */
export function findCalls(machine: NodeJS.Architecture): readonly Calls[] | undefined {
  return tables[machine];
}

/** What the call of a SYSCALL record is; undefined for any other. */
export function nameCall(calls: readonly Calls[], arch: number, number: number): AuditCall | undefined {
  const found = calls.find((candidate) => candidate.arch === arch);
  if (found?.exec.includes(number)) return 'exec';
  if (found?.clone.includes(number)) return 'clone';
  return found?.exit.includes(number) ? 'exit' : undefined;
}

export interface LineageRules {
  /** The first key of the rules. */
  readonly mark: string;
  /** Births and ends, too: the connector tells them better. */
  readonly lifetimes: boolean;
  /** Only programs of this user. */
  readonly uid?: number | undefined;
}

/** One rule for each kind of program, calls that fail included. The second key says which part of us they are for. */
export function buildLineageRules(calls: readonly Calls[], options: LineageRules): readonly AuditRule[] {
  const { mark, lifetimes, uid } = options;
  return calls.map(({ arch, exec, clone, exit }) => ({
    list: 'exit',
    action: 'always',
    syscalls: lifetimes ? [...exec, ...clone, ...exit] : exec,
    fields: [
      { name: 'arch', operator: '=', value: arch },
      ...(uid === undefined ? [] : [{ name: 'uid', operator: '=', value: uid } satisfies RuleField]),
      { name: 'key', operator: '=', value: `${mark}${keySeparator}${yieldingKey}` },
    ],
  }));
}
