import { masked } from '../../src/module/print.ts';
import type { AuditAlert } from './format-alert.ts';

/** What the kernel or its rules say, and no program, path or person: these values stay. */
const plainKeys: ReadonlySet<string> = new Set('arch syscall success exit pid ppid argc items per key'.split(' '));
const plainPathKeys: ReadonlySet<string> = new Set(['item', 'nametype', 'objtype', 'mode']);

/** The alert without paths, programs, arguments, people and addresses. What was called, whether it succeeded, processes, keys of rules, time and serial stay. */
export function maskAlert(told: AuditAlert): AuditAlert {
  const { Type, Data, Raw, Argv, Paths } = told;
  const act = Type === 'SYSCALL' ? (Data['syscall'] ?? Type) : Type;
  const failed = Data['success'] === 'no' ? ' (failed)' : '';
  const key = Data['key'] ? `: key ${Data['key']}` : '';
  return {
    ...told,
    alert: `${act}${failed} of ${masked} by ${masked}${key}`,
    Data: maskValues(Data, plainKeys),
    Raw: Raw === '' ? '' : masked,
    ...(Argv ? { Argv: Argv.map(() => masked) } : {}),
    ...(Paths ? { Paths: Paths.map((values) => maskValues(values, plainPathKeys)) } : {}),
  };
}

function maskValues(values: Readonly<Record<string, string>>, plain: ReadonlySet<string>): Record<string, string> {
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [key, plain.has(key) ? value : masked]));
}
