import { masked } from '../../src/module/print.ts';
import type { EventElement } from './elements.ts';

/** Without names, executables and arguments, each of which may name people and places. Numbers, times, kinds, codes and signals stay. */
export function maskEvent<Event extends Partial<EventElement>>(event: Event): Event {
  const { name, executable, args } = event;
  return {
    ...event,
    ...(name === undefined ? {} : { name: masked }),
    ...(executable === undefined ? {} : { executable: masked }),
    ...(args === undefined ? {} : { args: args.map(() => masked) }),
  };
}
