import type { ModuleEvent } from '../protocol/frame.ts';
import { formatLostEvents } from '../protocol/lost-events.ts';
import type { LinkOutput } from './link-output.ts';
import type { PersistentModules } from './persistent/persistent-modules.ts';

/** What persistent modules tell, to one console that watches them: live, so that what it does not read in time is counted and not told. */
export interface EventSender {
  readonly watch: (module: string, on: boolean) => void;
  readonly stop: () => void;
}

const maxWatched = 256;

export function createEventSender(persistent: Pick<PersistentModules, 'onEvent'>, output: LinkOutput): EventSender {
  const watched = new Set<string>();
  const lost = new Map<string, { count: number; last: ModuleEvent }>();
  let unsubscribe: (() => void) | undefined;

  const lose = (event: ModuleEvent): void => {
    const isFirst = lost.size === 0;
    lost.set(event.module, { count: (lost.get(event.module)?.count ?? 0) + 1, last: event });
    if (isFirst) void output.whenRoom().then(tellLost);
  };
  const tellLost = (): void => {
    for (const [module, { count, last }] of lost) {
      const text = formatLostEvents(count);
      void output.send({ type: 'event', event: { module, at: last.at, kind: 'log', text } });
    }
    lost.clear();
  };
  const handle = (event: ModuleEvent): void => {
    if (!watched.has(event.module)) return;
    if (output.isFull() || lost.size > 0) lose(event);
    else void output.send({ type: 'event', event });
  };
  const stop = (): void => {
    unsubscribe?.();
    unsubscribe = undefined;
  };
  return {
    watch: (module, on) => {
      if (!on) watched.delete(module);
      else if (watched.size < maxWatched) watched.add(module);
      if (watched.size === 0) stop();
      else unsubscribe ??= persistent.onEvent(handle);
    },
    stop,
  };
}
