import type { ExecEvent, ExitEvent, ForkEvent } from '../../linux/connector/process-event.ts';
import type { StreamItem } from '../process-stream.ts';

/** Tells of a fork whether its process executes or ends further down the list, of an exec whether it ends there: then /proc shows something else already. */
export function foresee(
  items: readonly StreamItem[],
  from: number,
  to: number,
): (event: ExecEvent | ForkEvent, at: number) => boolean {
  let last: { readonly changes: Map<number, number>; readonly exits: Map<number, number> } | undefined;
  const find = () => {
    const changes = new Map<number, number>();
    const exits = new Map<number, number>();
    for (let at = from; at < to; at++) {
      const item = items[at];
      if (item?.kind === 'exec') changes.set(item.pid, at);
      else if (item?.kind === 'exit' && isFirstThread(item)) {
        changes.set(item.pid, at);
        exits.set(item.pid, at);
      }
    }
    return { changes, exits };
  };
  return ({ kind, pid }, at) => {
    if (to - from === 1) return false;
    last ??= find();
    return ((kind === 'fork' ? last.changes : last.exits).get(pid) ?? -1) > at;
  };
}

function isFirstThread({ pid, tid }: ExitEvent): boolean {
  return pid === tid;
}
